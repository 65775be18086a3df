package vm

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInitramfs(t *testing.T) {
	write := func() []byte {
		fs := new(Initramfs)
		fs.Program("/init", []byte("program"))
		fs.File("etc/deep/file", []byte("12345"))
		fs.Dir("etc")
		return fs.Bytes()
	}
	archive := write()
	assert.Equal(t, archive, write(), "twice the same")
	assert.Zero(t, len(archive)%4)

	cpio, err := exec.LookPath("cpio")
	if err != nil {
		t.Skip("cpio is needed to read the archive")
	}
	cmd := exec.CommandContext(t.Context(), cpio, "--list", "--verbose", "--numeric-uid-gid", "--quiet")
	cmd.Env = []string{"TZ=UTC", "LC_ALL=C"}
	cmd.Stdin = bytes.NewReader(archive)
	list, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", list)
	assert.Equal(t, `-rwxr-xr-x   1 0        0               7 Jan  1  1970 init
drwxr-xr-x   1 0        0               0 Jan  1  1970 etc
drwxr-xr-x   1 0        0               0 Jan  1  1970 etc/deep
-rw-r--r--   1 0        0               5 Jan  1  1970 etc/deep/file
drwxr-xr-x   1 0        0               0 Jan  1  1970 dev
crw-------   1 0        0          5,   1 Jan  1  1970 dev/console
`, string(list))
}
