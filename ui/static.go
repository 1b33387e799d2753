package ui

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
)

// static holds the page's script and style. dist is built by esbuild and not committed; the placeholder beside it
// lets a fresh checkout compile.
//
//go:embed static
var static embed.FS

// file sends one of the built files, or the panel's measures.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if name == "panel.css" {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Write(s.panel)
		return
	}
	kind, ok := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}[path.Ext(name)]
	b, err := fs.ReadFile(static, "static/dist/"+name)
	if !ok || err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Write(b)
}
