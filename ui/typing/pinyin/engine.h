// The few things that are asked of librime (rime_api.h, version 1.8). Strings that are returned belong to the caller.
#include <rime_api.h>

void engine_open(const char *shared, const char *user, const char *prebuilt, const char *staging);
void engine_close(void);
RimeSessionId engine_session(const char *schema); // 0 where the schema does not open
void engine_clear(RimeSessionId s);
void engine_simplify(RimeSessionId s, int on);
void engine_key(RimeSessionId s, int key);
int engine_candidates(RimeSessionId s, char **texts, int most); // how many there are
int engine_choose(RimeSessionId s, int at);
char *engine_commit(RimeSessionId s); // NULL while something is left to choose
char *engine_typing(RimeSessionId s);
