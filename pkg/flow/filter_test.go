package flow

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// byExe wants the processes of one executable, and those of some users.
type byExe struct {
	exe   string
	uid   int32
	asked int
}

func (f *byExe) Wants(p *sysflow.Process) bool {
	f.asked++
	return p.Exe == f.exe || f.uid != 0 && p.UID == f.uid
}

func TestFilter(t *testing.T) {
	filter := &byExe{exe: "/usr/bin/wanted", uid: 7}
	s := newSystem(t, func(c *Config) { c.Filter = filter })
	s.snapshot(5, "/bin/init", 0)
	s.snapshot(10, "/bin/sh", 5)

	s.open(10, 3, "/etc/passwd", flagsLib)
	s.do(3, opRead, 10)
	s.after(2 * time.Second) // would be written while it is open
	s.fork(10, 11)
	s.apply(Event{Type: EventName, PID: 10, Op: sysflow.OpMkdir, Path: "/tmp/x"})
	s.apply(Event{Type: EventSocketOp, PID: 10, Op: sysflow.OpListen})
	s.apply(Event{Type: EventThread, PID: 10, Child: Child{TID: 99}})
	s.apply(Event{Type: EventProcessOp, PID: 10, Op: sysflow.OpChroot})
	s.after(2 * time.Second)
	s.expect("")

	// it becomes wanted by its program; its ancestors are described, not what they do
	s.apply(Event{Type: EventExec, PID: 11, Process: proc("/usr/bin/wanted", 10)})
	s.open(11, 4, "/etc/hosts", flagsLib)
	s.close(11, 4)
	s.exit(11, 0)
	s.expect(`
		P REUP 5 /bin/init
		P REUP 10 /bin/sh <5
		P CREATED 11 /usr/bin/wanted <10
		PE 11/11 EXEC 0
		F REUP f /etc/hosts
		FF 11/11 OPEN|CLOSE /etc/hosts fd4 0x1001 4010-4011
		PE 11/11 EXIT 0
	`)

	// and by a change of its user, until it changes again
	s.apply(Event{Type: EventSetuid, PID: 10, SetuidTo: 7, Process: &ProcessInfo{UID: 7}})
	s.apply(Event{Type: EventName, PID: 10, Op: sysflow.OpMkdir, Path: "/tmp/y"})
	s.apply(Event{Type: EventCreds, PID: 10, Process: &ProcessInfo{UID: 8}})
	s.apply(Event{Type: EventName, PID: 10, Op: sysflow.OpMkdir, Path: "/tmp/z"})
	s.close(10, 3)
	s.expect(`
		P MODIFIED 10 /bin/sh <5
		PE 10/10 SETUID 0 7
		F CREATED d /tmp/y
		FE 10/10 MKDIR /tmp/y 0
	`)
	assert.Zero(t, s.b.Stats().LostEnds+s.b.Stats().UnknownFlows)
}

func TestReconsider(t *testing.T) {
	filter := &byExe{exe: "none"}
	s := newSystem(t, func(c *Config) { c.Filter = filter })
	info := proc("/bin/sh", 0)
	info.ContainerID = "c0ffee"
	s.apply(Event{Type: EventSnapshot, PID: 10, Process: info})
	s.snapshot(11, "/bin/sh", 10)
	mkdir := func() { s.apply(Event{Type: EventName, PID: 10, Op: sysflow.OpMkdir, Path: "/tmp/x"}) }
	mkdir()
	s.expect("")
	filter.exe = "/bin/sh"
	asked := filter.asked
	s.b.Reconsider("c0ffee")
	assert.Equal(t, asked+1, filter.asked)
	mkdir()
	assert.Len(t, s.lines, 3)
	s.b.Reconsider()
	assert.Equal(t, asked+3, filter.asked)
}

func TestReadOnlyFiles(t *testing.T) {
	const rdwr = sysflow.OpenReadWrite
	for _, tt := range []struct {
		name         string
		path         string
		flags        sysflow.OpenFlags
		ops          sysflow.OpFlags
		system, none bool // whether it is written under DropReadOnlySystem and DropReadOnly
	}{
		{"library", "/usr/lib/libc.so", flagsLib, opRead, false, false},
		{"mapped library", "/lib/libc.so", flagsLib, opMmap, false, false},
		{"other file", "/etc/passwd", flagsLib, opRead, true, false},
		{"directory of the kernel", "/proc/self/status", flagsLib, opRead, false, false},
		{"a name like a system directory's", "/process/x", flagsLib, opRead, true, false},
		{"read and written", "/dev/tty", rdwr, opRead, true, true},
		{"written", "/sys/kernel/x", sysflow.OpenWriteOnly, opWrite, true, true},
		{"open unseen, read", "/proc/stat", 0, opRead, false, false},
		{"open unseen, mapped", "/proc/stat", 0, opRead | opMmap, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for mode, want := range map[ReadOnlyFiles]bool{KeepReadOnly: true, DropReadOnlySystem: tt.system, DropReadOnly: tt.none} {
				s := newSystem(t, func(c *Config) { c.ReadOnlyFiles = mode })
				s.open(10, 3, tt.path, tt.flags)
				s.do(3, tt.ops, 1)
				s.close(10, 3)
				written := 0
				for _, l := range s.lines {
					if l[:2] == "FF" {
						written++
					}
				}
				assert.Equal(t, want, written == 1, mode)
			}
		})
	}
}

func TestOpensOnly(t *testing.T) {
	s := newSystem(t, func(c *Config) { c.OpensOnly = true })
	s.snapshot(10, "/bin/cat", 0)
	s.open(10, 3, "/etc/passwd", flagsLib)
	s.expect(`
		P REUP 10 /bin/cat
		F REUP f /etc/passwd
		FF 10/10 OPEN /etc/passwd fd3 0x1001 2-2
	`)
	// one that was open before is none of them; connections are as always
	s.totals[4] = &Totals{OpFlags: opRead}
	s.apply(Event{Type: EventFlowStart, PID: 10, Flow: Key{ID: 4, PID: 10, FD: 4}, Path: "/etc/group", FileType: sysflow.FileRegular})
	s.socket(10, 5, sysflow.OpConnect, Socket{
		Local: netip.MustParseAddrPort("127.0.0.1:40000"), Remote: netip.MustParseAddrPort("127.0.0.1:80"), Proto: sysflow.ProtoTCP, Role: RoleInitiator,
	})
	s.close(10, 5)
	assert.Len(t, s.lines, 1)
	assert.Equal(t, 0, s.b.Stats().Flows)
}

func TestReadOnlyFilesText(t *testing.T) {
	for r := KeepReadOnly; r <= DropReadOnly; r++ {
		text, err := r.MarshalText()
		require.NoError(t, err)
		var back ReadOnlyFiles
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, r, back)
	}
	var r ReadOnlyFiles
	require.EqualError(t, r.UnmarshalText([]byte("2")), `must be one of keep, drop_system, drop, is "2"`)
	assert.Equal(t, "choice 9", ReadOnlyFiles(9).String())
}
