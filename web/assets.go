package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/julienschmidt/httprouter"
)

//go:embed assets/*
var assetFiles embed.FS

// assets are the files that pages load. Each goes by a name that carries a hash of
// what is in it (style.1a2b3c4d.css), so that browsers may keep it for good.
type assets struct {
	named map[string]asset  // by hashed name
	names map[string]string // hashed name by plain name
}

type asset struct {
	body        []byte
	contentType string
}

func loadAssets() assets {
	a := assets{named: make(map[string]asset), names: make(map[string]string)}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err) // embedded: cannot be missing
	}
	for _, entry := range entries {
		body, err := fs.ReadFile(assetFiles, "assets/"+entry.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(entry.Name())
		hashed := strings.TrimSuffix(entry.Name(), ext) + "." + hex.EncodeToString(sum[:4]) + ext
		a.named[hashed] = asset{body, mime.TypeByExtension(ext)}
		a.names[entry.Name()] = hashed
	}
	return a
}

// url is the address of an asset, for templates. A name that is not there is a bug in the template.
func (a assets) url(name string) string {
	hashed, ok := a.names[name]
	if !ok {
		panic("no asset " + name)
	}
	return "/assets/" + hashed
}

func (s *site) asset(w http.ResponseWriter, r *http.Request) {
	file, ok := s.assets.named[httprouter.ParamsFromContext(r.Context()).ByName("file")]
	if !ok {
		s.notFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(file.body) // the browser may have hung up
}
