#include "engine.h"

#include <stdlib.h>
#include <string.h>

static RimeApi *api;

void engine_open(const char *shared, const char *user, const char *prebuilt, const char *staging) {
	RIME_STRUCT(RimeTraits, traits);
	traits.shared_data_dir = shared;
	traits.user_data_dir = user;
	traits.prebuilt_data_dir = prebuilt;
	traits.staging_dir = staging;
	traits.distribution_name = "yimen";
	traits.distribution_code_name = "yimen";
	traits.distribution_version = "1";
	traits.app_name = "rime.yimen";
	traits.min_log_level = 3; // what it logs may be what was typed
	traits.log_dir = "";      // to standard error, and to no file
	api = rime_get_api();
	api->setup(&traits);
	api->initialize(&traits);
}

void engine_close(void) { api->finalize(); }

RimeSessionId engine_session(const char *schema) {
	RimeSessionId s = api->create_session();
	char now[64];
	if (!s || !api->select_schema(s, schema) || !api->get_current_schema(s, now, sizeof now) || strcmp(now, schema) != 0)
		return 0;
	return s;
}

void engine_clear(RimeSessionId s) {
	free(engine_commit(s));
	api->clear_composition(s);
}

void engine_simplify(RimeSessionId s, int on) { api->set_option(s, "simplification", on ? True : False); }

void engine_key(RimeSessionId s, int key) { api->process_key(s, key, 0); }

int engine_candidates(RimeSessionId s, char **texts, int most) {
	RimeCandidateListIterator list = {0};
	int n = 0;
	if (!api->candidate_list_begin(s, &list))
		return 0;
	while (n < most && api->candidate_list_next(&list))
		texts[n++] = strdup(list.candidate.text);
	api->candidate_list_end(&list);
	return n;
}

int engine_choose(RimeSessionId s, int at) { return api->select_candidate(s, at); }

char *engine_commit(RimeSessionId s) {
	RIME_STRUCT(RimeCommit, commit);
	char *text = NULL;
	if (api->get_commit(s, &commit)) {
		text = strdup(commit.text);
		api->free_commit(&commit);
	}
	return text;
}

char *engine_typing(RimeSessionId s) {
	RIME_STRUCT(RimeContext, context);
	char *text = NULL;
	if (api->get_context(s, &context)) {
		if (context.composition.preedit)
			text = strdup(context.composition.preedit);
		api->free_context(&context);
	}
	return text;
}
