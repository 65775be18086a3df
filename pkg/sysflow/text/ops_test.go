package text

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestAppendOps(t *testing.T) {
	for _, tc := range []struct {
		ops  sysflow.OpFlags
		want string
	}{
		{0, "           "},
		{sysflow.OpOpen | sysflow.OpWriteSend | sysflow.OpClose, "O  W    C  "},
		{sysflow.OpAccept | sysflow.OpReadRecv | sysflow.OpShutdown | sysflow.OpTruncate, " A  R  S T "},
		{sysflow.OpConnect | sysflow.OpSetns | sysflow.OpMmap | sysflow.OpDigest, "  C  NM   D"},
		{sysflow.OpExec, "EXEC"},
		{sysflow.OpClone | sysflow.OpExit, "CLONEEXIT"},
		{sysflow.OpSetuid, "SETUID"},
		{sysflow.OpMkdir, "MKDIR"},
		{sysflow.OpRmdir, "RMDIR"},
		{sysflow.OpLink, "LINK"},
		{sysflow.OpSymlink, "SYMLINK"},
		{sysflow.OpUnlink, "UNLINK"},
		{sysflow.OpRename | sysflow.OpExec | sysflow.OpOpen, "RENAME"},
		{sysflow.OpMemfdCreate, "MEMFD_CREATE"},
		{sysflow.OpPtrace | sysflow.OpDup | sysflow.OpOpen, "PTRACE|DUP"},
		{1 << 31, "           "},
		{1 << 46, "           "},
	} {
		assert.Equal(t, tc.want, string(AppendOps(nil, tc.ops)), "%#x", int64(tc.ops))
	}
}
