package containers

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// imageName is that of the image of all containers here.
const imageName = "docker.io/library/sysflow-test:1"

// busybox is where Debian's package busybox-static has it.
const busybox = "/bin/busybox"

// image writes an archive of an image as "docker save" does, and returns its path: busybox with
// some of its names, and a user. Without a command its containers sleep.
func image(t *testing.T) string {
	t.Helper()
	program, err := os.ReadFile(busybox)
	collector.Need(t, err == nil, busybox+" is missing: install busybox-static")

	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	add := func(h tar.Header, content []byte) {
		h.Size = int64(len(content))
		require.NoError(t, w.WriteHeader(&h))
		_, err := w.Write(content)
		require.NoError(t, err)
	}
	add(tar.Header{Name: "bin/busybox", Mode: 0o755}, program)
	for _, name := range []string{"sh", "true", "cat", "sleep", "echo"} {
		add(tar.Header{Name: "bin/" + name, Typeflag: tar.TypeSymlink, Linkname: "busybox"}, nil)
	}
	add(tar.Header{Name: "etc/passwd", Mode: 0o644}, []byte("root:x:0:0:::\nwebmaster:x:1234:1234:::\n"))
	add(tar.Header{Name: "etc/group", Mode: 0o644}, []byte("root:x:0:\nwebmasters:x:1234:\n"))
	require.NoError(t, w.Close())

	config := marshal(t, map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"Cmd": []string{"/bin/sleep", "1000000"}, "Env": []string{"PATH=/bin"}},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + digest(layer.Bytes())}},
	})
	configName := digest(config) + ".json"
	var archive bytes.Buffer
	w = tar.NewWriter(&archive)
	add(tar.Header{Name: "layer.tar", Mode: 0o644}, layer.Bytes())
	add(tar.Header{Name: configName, Mode: 0o644}, config)
	add(tar.Header{Name: "manifest.json", Mode: 0o644}, marshal(t, []map[string]any{{
		"Config": configName, "Layers": []string{"layer.tar"}, "RepoTags": []string{imageName},
	}}))
	require.NoError(t, w.Close())

	path := filepath.Join(t.TempDir(), "image.tar")
	require.NoError(t, os.WriteFile(path, archive.Bytes(), 0o600))
	return path
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
