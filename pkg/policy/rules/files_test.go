package rules

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tree makes files with their own names as text, and links where a name has an arrow.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, n := range names {
		name, target, isLink := strings.Cut(n, " -> ")
		p := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o755))
		if isLink {
			require.NoError(t, os.Symlink(target, p))
		} else {
			require.NoError(t, os.WriteFile(p, []byte(name), 0o600))
		}
	}
	return root
}

func TestReadFiles(t *testing.T) {
	all := []string{
		"b.yaml", "a.yml", "c.txt", "sub/d.yaml", "sub/deep/e.YAML", "sub/f.md", ".hidden/g.yaml", ".h.yaml",
		"z.yaml -> b.yaml", "loop -> .", "other -> sub",
	}
	tests := []struct {
		name  string
		paths []string
		want  []string
	}{
		{"files in their order", []string{"b.yaml", "a.yml"}, []string{"b.yaml", "a.yml"}},
		{"any extension if named", []string{"c.txt", ".h.yaml"}, []string{"c.txt", ".h.yaml"}},
		{"a folder", []string{"."}, []string{"a.yml", "b.yaml", "other/d.yaml", "other/deep/e.YAML"}},
		{"a pattern", []string{"*.yaml"}, []string{".h.yaml", "b.yaml"}},
		{"a pattern with folders", []string{"su*"}, []string{"sub/d.yaml", "sub/deep/e.YAML"}},
		{"each once", []string{"b.yaml", "./b.yaml", "z.yaml", "*.yaml", "sub", "other", "."}, []string{"b.yaml", ".h.yaml", "sub/d.yaml", "sub/deep/e.YAML", "a.yml"}},
		{"a link", []string{"z.yaml"}, []string{"z.yaml"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(tree(t, all...))
			got, err := ReadFiles(tt.paths)
			require.NoError(t, err)
			names := []string{}
			for _, f := range got {
				names = append(names, f.Name)
				assert.NotEmpty(t, f.Text)
			}
			assert.Equal(t, tt.want, names)
		})
	}
}

// Kubernetes mounts a ConfigMap as links to links into a folder whose name has the time.
func TestReadConfigMap(t *testing.T) {
	t.Chdir(tree(t, "p/..2026_01_01/a.yaml", "p/..data -> ..2026_01_01", "p/a.yaml -> ..data/a.yaml"))
	got, err := ReadFiles([]string{"p"})
	require.NoError(t, err)
	require.Len(t, got, 1)
	assert.Equal(t, "p/a.yaml", got[0].Name)
}

func TestReadFilesErrors(t *testing.T) {
	t.Chdir(tree(t, "a.yaml", "empty/x.txt", "broken.yaml -> nowhere", "sub/b.yaml -> nowhere", "big.yaml"))
	require.NoError(t, os.Truncate("big.yaml", MaxFileSize+1))
	require.NoError(t, syscall.Mkfifo("pipe.yaml", 0o600))
	_, err := ReadFiles([]string{"a.yaml", "missing.yaml", "no*.yaml", "[", "empty", "broken.yaml", "sub", "big.yaml", "pipe.yaml"})
	require.Error(t, err)
	assert.Equal(t, []string{
		"reading rule files: stat missing.yaml: no such file or directory",
		`no rule file matches "no*.yaml"`,
		`rule files "[": syntax error in pattern`,
		`the folder "empty" has no .yaml or .yml file`,
		"reading rule files: stat broken.yaml: no such file or directory",
		"reading rule files: stat sub/b.yaml: no such file or directory",
		"reading rule files: big.yaml: a rule file may have at most 8 MiB",
		`rule file "pipe.yaml" is not a regular file`,
	}, strings.Split(err.Error(), "\n"))
	_, err = ReadFiles(nil)
	require.Error(t, err)
}
