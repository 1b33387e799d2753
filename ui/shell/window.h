#ifndef YIMEN_WINDOW_H
#define YIMEN_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

// What window_create is told. Strings are copied.
typedef struct {
	const char *home;      // address of the app's page
	const char *origin;    // where the view may go: everything that begins with this, e.g. "http://127.0.0.1:8080/"
	const char *away_html; // the window's own page, shown while home cannot be
	bool controlled;       // open to WebKitWebDriver
	int paint_ms;          // how long a page may take until something of it is seen
	uintptr_t witness;     // handed back in windowReport, windowPainted and windowBlank
} window_options;

// window_create makes the undecorated GtkWindow that covers the monitor, not yet visible, or answers NULL when there is
// no display. There is one window in a process: webview_go finds it through webkit_web_view_new, which takes no argument.
void *window_create(window_options options);

// window_show makes the window visible, with the app's page loading in it. To be called once, after webview_go put its
// view into the window. This and the two below belong to the thread of the main loop.
void window_show(void);

// window_show_app returns to the app's page, if the window's own page is shown. Otherwise it does nothing.
void window_show_app(void);

// window_show_away shows the window's own page instead of the app's, if it is not shown already.
void window_show_away(void);

#endif
