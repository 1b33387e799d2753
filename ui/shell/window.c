// The window as GTK and WebKit know it: what webview_go has no words for.

#include "window.h"
#include "_cgo_export.h"

#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

// RELOAD_PAUSE_MS lies between the death of the web process and loading again: a page that kills its process each time
// must not keep the machine busy with that.
#define RELOAD_PAUSE_MS 250

// BLANKS_MOST is how often in a row nothing may be seen of a page before the window gives up: another process of its own
// was tried each time, so it is the window or the display that is ill.
#define BLANKS_MOST 3

// PAGE_MEMORY_MIB is the page's process's measure, not its end: from a third of it on WebKit lets go of what can be made again,
// from half of it on of all such.
#define PAGE_MEMORY_MIB 240

static struct {
	GtkWindow *window;
	WebKitWebView *view;
	char *home, *origin, *away_html;
	bool controlled;
	bool away; // the window's own page is shown
	int paint_ms;
	guint paint_due; // the timer of the page being loaded; 0 once something of it was seen
	int blanks;	 // pages in a row of which nothing was seen
	uintptr_t witness;
} self;

static void report(const char *event, const char *detail) {
	windowReport(self.witness, (char *)event, (char *)(detail ? detail : ""));
}

// --- whether anything is seen ---

// A page that loads is not yet a page that is seen: the process that paints may hang, or the page be empty. WebKit says
// when text or a picture was first painted (W3C Paint Timing); the script hands that on, on the app's page and our own.
static const char *tell_paint =
    "new PerformanceObserver((seen) => {"
    " if (seen.getEntriesByName('first-contentful-paint').length) webkit.messageHandlers.painted.postMessage('') "
    "}).observe({type: 'paint', buffered: true})";

static void on_painted(WebKitUserContentManager *manager, WebKitJavascriptResult *unused, gpointer unused_too) {
	if (!self.paint_due)
		return;
	g_source_remove(self.paint_due);
	self.paint_due = 0;
	self.blanks = 0;
	windowPainted(self.witness);
}

// on_blank ends the process that shows nothing; another loads the page again.
static gboolean on_blank(gpointer unused) {
	self.paint_due = 0;
	report("nothing of the page is seen", self.away ? "the window's own" : self.home);
	if (++self.blanks >= BLANKS_MOST)
		windowBlank(self.witness);
	else
		webkit_web_view_terminate_web_process(self.view);
	return G_SOURCE_REMOVE;
}

static void await_paint(void) {
	if (self.paint_due)
		g_source_remove(self.paint_due);
	self.paint_due = g_timeout_add(self.paint_ms, on_blank, NULL);
}

static void load(void) {
	await_paint();
	if (self.away)
		webkit_web_view_load_html(self.view, self.away_html, NULL);
	else
		webkit_web_view_load_uri(self.view, self.home);
}

void window_show_app(void) {
	if (!self.away)
		return;
	report("showing the app", self.home);
	self.away = false;
	load();
}

void window_show_away(void) {
	if (self.away)
		return;
	report("showing the window's own page", self.home);
	self.away = true;
	load();
}

// --- what befalls a page ---

static gboolean load_again(gpointer unused) {
	load();
	return G_SOURCE_REMOVE;
}

static void on_web_process_terminated(WebKitWebView *view, WebKitWebProcessTerminationReason reason, gpointer unused) {
	report("web process ended, loading again",
	       reason == WEBKIT_WEB_PROCESS_EXCEEDED_MEMORY_LIMIT ? "memory limit"
	       : reason == WEBKIT_WEB_PROCESS_TERMINATED_BY_API	  ? "it showed nothing"
								  : "crash");
	g_timeout_add(RELOAD_PAUSE_MS, load_again, NULL);
}

static gboolean on_load_failed(WebKitWebView *view, WebKitLoadEvent event, char *uri, GError *error, gpointer unused) {
	// A load that was replaced by another, or refused below, leaves what is shown as it was.
	if (g_error_matches(error, WEBKIT_NETWORK_ERROR, WEBKIT_NETWORK_ERROR_CANCELLED) ||
	    error->domain == WEBKIT_POLICY_ERROR)
		return TRUE;
	report("page did not load", error->message);
	window_show_away();
	return TRUE;
}

// --- what a page may do: be at home, and nothing that outlives the visit or leaves the window ---

static bool at_home(const char *uri) {
	if (self.away)
		return g_str_equal(uri, "about:blank"); // the address of the window's own page
	return g_str_has_prefix(uri, self.origin);
}

static bool may_navigate(WebKitPolicyDecision *decision) {
	WebKitNavigationAction *action =
	    webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(decision));
	const char *uri = webkit_uri_request_get_uri(webkit_navigation_action_get_request(action));
	if (at_home(uri))
		return true;
	report("refused to go elsewhere", uri);
	return false;
}

static bool may_show(WebKitPolicyDecision *decision) {
	WebKitResponsePolicyDecision *policy = WEBKIT_RESPONSE_POLICY_DECISION(decision);
	WebKitURIResponse *response = webkit_response_policy_decision_get_response(policy);
	if (!webkit_response_policy_decision_is_main_frame_main_resource(policy))
		return true;
	if (webkit_uri_response_get_status_code(response) >= 400) { // what it says is for technicians
		report("page answered with an error", webkit_uri_response_get_uri(response));
		window_show_away();
		return false;
	}
	SoupMessageHeaders *headers = webkit_uri_response_get_http_headers(response); // NULL for the window's own page
	bool to_keep = headers && soup_message_headers_get_one(headers, "Content-Disposition");
	if (!to_keep && g_strcmp0(webkit_uri_response_get_mime_type(response), "text/html") == 0)
		return true;
	report("refused what is no page", webkit_uri_response_get_uri(response));
	return false;
}

static gboolean on_decide_policy(WebKitWebView *view, WebKitPolicyDecision *decision, WebKitPolicyDecisionType type,
				 gpointer unused) {
	bool allowed = false; // new windows, and whatever later versions of WebKit ask
	if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION)
		allowed = may_navigate(decision);
	else if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE)
		allowed = may_show(decision);
	if (allowed)
		webkit_policy_decision_use(decision);
	else
		webkit_policy_decision_ignore(decision);
	return TRUE;
}

static gboolean on_permission_request(WebKitWebView *view, WebKitPermissionRequest *request, gpointer unused) {
	report("refused a permission", G_OBJECT_TYPE_NAME(request));
	webkit_permission_request_deny(request);
	return TRUE;
}

static void on_download_started(WebKitWebContext *context, WebKitDownload *download, gpointer unused) {
	report("refused a download", webkit_uri_request_get_uri(webkit_download_get_request(download)));
	webkit_download_cancel(download);
}

static gboolean on_run_file_chooser(WebKitWebView *view, WebKitFileChooserRequest *request, gpointer unused) {
	webkit_file_chooser_request_cancel(request);
	return TRUE;
}

// For context menus, printing and script dialogs: it has been dealt with, show nothing.
static gboolean show_nothing(void) { return TRUE; }

// --- WebKitWebDriver ---

static WebKitWebView *on_create_web_view(WebKitAutomationSession *session, gpointer unused) { return self.view; }

static void on_automation_started(WebKitWebContext *context, WebKitAutomationSession *session, gpointer unused) {
	WebKitApplicationInfo *info = webkit_application_info_new();
	webkit_application_info_set_name(info, "yimen-shell");
	webkit_automation_session_set_application_info(session, info);
	webkit_application_info_unref(info);
	g_signal_connect(session, "create-web-view", G_CALLBACK(on_create_web_view), NULL);
}

// --- making it ---

static WebKitWebContext *new_context(void) {
	// What the page's process caches is let go long before a terminal's memory is short: it runs for months.
	WebKitMemoryPressureSettings *pressure = webkit_memory_pressure_settings_new();
	webkit_memory_pressure_settings_set_memory_limit(pressure, PAGE_MEMORY_MIB);
	WebKitWebsiteDataManager *nothing_kept = webkit_website_data_manager_new_ephemeral();
	WebKitWebContext *context = g_object_new(WEBKIT_TYPE_WEB_CONTEXT, "website-data-manager", nothing_kept,
	    "memory-pressure-settings", pressure, NULL);
	g_object_unref(nothing_kept);
	webkit_memory_pressure_settings_free(pressure);
	webkit_web_context_set_cache_model(context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
	// The daemon is on this machine; a proxy that the environment names is not on the way to it.
	webkit_website_data_manager_set_network_proxy_settings(webkit_web_context_get_website_data_manager(context),
							       WEBKIT_NETWORK_PROXY_MODE_NO_PROXY, NULL);
	g_signal_connect(context, "download-started", G_CALLBACK(on_download_started), NULL);
	if (self.controlled) {
		webkit_web_context_set_automation_allowed(context, TRUE);
		g_signal_connect(context, "automation-started", G_CALLBACK(on_automation_started), NULL);
	}
	return context;
}

static WebKitSettings *new_settings(void) {
	WebKitSettings *settings = webkit_settings_new();
	// Terminals have no GPU worth the name, and its drivers are what crashes most (and takes a third more memory).
	webkit_settings_set_hardware_acceleration_policy(settings, WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
	webkit_settings_set_enable_page_cache(settings, FALSE);
	return settings;
}

// webkit_web_view_new takes the place of WebKit's own in this executable: webview_go calls it and would otherwise get a
// view that keeps pages in the user's cache folder.
GtkWidget *webkit_web_view_new(void) {
	WebKitWebContext *context = new_context();
	WebKitSettings *settings = new_settings();
	self.view = WEBKIT_WEB_VIEW(g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", context, "settings", settings,
						 "is-controlled-by-automation", self.controlled, NULL));
	g_object_unref(context);
	g_object_unref(settings);

	g_signal_connect(self.view, "web-process-terminated", G_CALLBACK(on_web_process_terminated), NULL);
	g_signal_connect(self.view, "load-failed", G_CALLBACK(on_load_failed), NULL);
	g_signal_connect(self.view, "decide-policy", G_CALLBACK(on_decide_policy), NULL);
	g_signal_connect(self.view, "permission-request", G_CALLBACK(on_permission_request), NULL);
	g_signal_connect(self.view, "run-file-chooser", G_CALLBACK(on_run_file_chooser), NULL);
	WebKitUserContentManager *contents = webkit_web_view_get_user_content_manager(self.view);
	g_signal_connect(contents, "script-message-received::painted", G_CALLBACK(on_painted), NULL);
	webkit_user_content_manager_register_script_message_handler(contents, "painted");
	WebKitUserScript *script = webkit_user_script_new(tell_paint, WEBKIT_USER_CONTENT_INJECT_TOP_FRAME,
							  WEBKIT_USER_SCRIPT_INJECT_AT_DOCUMENT_START, NULL, NULL);
	webkit_user_content_manager_add_script(contents, script);
	webkit_user_script_unref(script);
	const char *unwanted[] = {"context-menu", "print", "script-dialog"};
	for (gsize i = 0; i < G_N_ELEMENTS(unwanted); i++)
		g_signal_connect(self.view, unwanted[i], G_CALLBACK(show_nothing), NULL);
	return GTK_WIDGET(self.view);
}

static GdkRectangle monitor_geometry(void) {
	GdkDisplay *display = gdk_display_get_default();
	GdkMonitor *monitor = gdk_display_get_primary_monitor(display);
	if (!monitor)
		monitor = gdk_display_get_monitor(display, 0);
	GdkRectangle geometry = {0, 0, 1080, 1920};
	if (monitor)
		gdk_monitor_get_geometry(monitor, &geometry);
	return geometry;
}

// keep_libraries_off_the_disk has what WebKit stands on keep nothing either, here and in the web processes.
static void keep_libraries_off_the_disk(void) {
	g_setenv("GSETTINGS_BACKEND", "memory", TRUE);		 // or ~/.config/dconf
	g_setenv("MESA_SHADER_CACHE_DISABLE", "true", TRUE);	 // or ~/.cache/mesa_shader_cache
	// Or ~/.cache/gstreamer-1.0; it then asks its plugins anew. GStreamer takes the folder of this path for its own (chmod 0700):
	// there must be none, and nobody may be able to make it.
	g_setenv("GST_REGISTRY_1_0", "/proc/nowhere/registry", TRUE);
}

void *window_create(window_options options) {
	keep_libraries_off_the_disk();
	if (!gtk_init_check(NULL, NULL))
		return NULL;
	self.home = g_strdup(options.home);
	self.origin = g_strdup(options.origin);
	self.away_html = g_strdup(options.away_html);
	self.controlled = options.controlled;
	self.paint_ms = options.paint_ms;
	self.witness = options.witness;

	// Without a window manager gtk_window_fullscreen does nothing; with one (cage) it is what covers the panel.
	GdkRectangle monitor = monitor_geometry();
	self.window = GTK_WINDOW(gtk_window_new(GTK_WINDOW_TOPLEVEL));
	gtk_window_set_decorated(self.window, FALSE);
	gtk_window_set_default_size(self.window, monitor.width, monitor.height);
	gtk_window_move(self.window, monitor.x, monitor.y);
	gtk_window_fullscreen(self.window);
	g_signal_connect(self.window, "delete-event", G_CALLBACK(show_nothing), NULL); // nobody in the hall closes it
	return self.window;
}

void window_show(void) {
	load();
	gtk_widget_show_all(GTK_WIDGET(self.window));
}
