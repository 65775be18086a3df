package field

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestKnownEvent(t *testing.T) {
	for name, want := range map[string][2]bool{ // recorded, known
		"execve": {true, true}, "openat2": {true, true}, "procexit": {true, true}, "unlinkat": {true, true}, "pread": {true, true},
		"ptrace": {false, true}, "dup": {false, true}, "listen": {false, true}, "init_module": {false, true}, "umount": {false, true},
		"userfaultfd": {false, true}, "container": {false, true},
		"exec": {false, false}, "": {false, false}, "EXEC": {false, false}, "open at": {false, false},
	} {
		recorded, known := KnownEvent(name)
		assert.Equal(t, want, [2]bool{recorded, known}, name)
	}
}

func TestSuggestEvent(t *testing.T) {
	assert.Equal(t, "execve", SuggestEvent("execev"))
	assert.Equal(t, "openat", SuggestEvent("opneat"))
	assert.Equal(t, "open", SuggestEvent("OPEN"))
	assert.Empty(t, SuggestEvent("nothing_of_the_kind"))
}

func TestEventOps(t *testing.T) {
	ops, kinds := EventOps("unlinkat")
	assert.Equal(t, sysflow.OpUnlink|sysflow.OpRmdir, ops)
	assert.Equal(t, []sysflow.Kind{sysflow.KindFileEvent}, kinds)
	ops, kinds = EventOps("ptrace")
	assert.Zero(t, ops)
	assert.Empty(t, kinds)
}

// Every operation but those that are no calls has system calls, in the kinds where it occurs.
func TestEveryOperationHasEvents(t *testing.T) {
	for op := sysflow.OpClone; op <= sysflow.OpRename; op <<= 1 {
		some := false
		for _, name := range RecordedEvents() {
			ops, kinds := EventOps(name)
			some = some || ops&op != 0
			assert.NotEmpty(t, kinds, name)
		}
		assert.Equal(t, op != sysflow.OpTruncate && op != sysflow.OpDigest, some, op.String())
	}
}

func TestSocketCallsNeedSockets(t *testing.T) {
	file := &Record{Kind: sysflow.KindFileFlow, Ops: sysflow.OpWriteSend, File: File{Type: sysflow.FileRegular}}
	assert.NotContains(t, eventTexts(nil, file), "sendto")
	file.File.Type = sysflow.FileUnix
	assert.Contains(t, eventTexts(nil, file), "sendto")
	assert.Contains(t, eventTexts(nil, &Record{Kind: sysflow.KindNetworkFlow, Ops: sysflow.OpWriteSend}), "sendto")
}

func TestOpNames(t *testing.T) {
	assert.Equal(t, []string{"READ", "RECV"}, OpNames("read_recv"))
	assert.Equal(t, []string{"WRITE", "SEND"}, OpNames("WRITE_SEND"))
	assert.Equal(t, []string{"SEND"}, OpNames("SEND"))
	assert.Equal(t, []string{"EXEC"}, OpNames("exec"))
	assert.Empty(t, OpNames("EXECVE"))
	assert.Empty(t, OpNames(""))
}
