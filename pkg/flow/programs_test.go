package flow

import (
	"net/netip"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// The programs of these tests are those of SysFlow's own test suite, and the records
// are those that its collector writes for them, as far as it is right.

const (
	flagsLib  = sysflow.OpenReadOnly | sysflow.OpenCloexec
	flagsFile = sysflow.OpenReadWrite | sysflow.OpenCreate | sysflow.OpenTrunc
)

func withShell(t *testing.T) *system {
	s := newSystem(t)
	s.snapshot(30, "/usr/bin/bash", 20)
	s.snapshot(1, "/usr/lib/systemd/systemd", 0)
	s.snapshot(20, "/usr/sbin/sshd", 1)
	return s
}

// start runs a program and loads its libraries.
func (s *system) start(exe string) {
	s.apply(Event{Type: EventExec, PID: 40, Process: proc(exe, 30)})
	s.open(40, 3, "/etc/ld.so.cache", flagsLib)
	s.do(3, opMmap)
	s.close(40, 3)
	s.open(40, 3, "/lib/libc.so.6", flagsLib)
	s.do(3, opRead|opMmap, 832)
	s.close(40, 3)
}

func TestProgramFiles(t *testing.T) {
	s := withShell(t)
	s.start("/home/filer")
	for path, n := range map[string]int64{"/tmp/tested_file.txt": 31} {
		s.open(40, 3, path, flagsFile)
		s.do(3, opWrite, n)
		s.close(40, 3)
	}
	name := func(op sysflow.OpFlags, paths ...string) {
		e := Event{Type: EventName, PID: 40, Op: op, Path: paths[0]}
		if len(paths) > 1 {
			e.NewPath = paths[1]
		}
		s.apply(e)
	}
	name(sysflow.OpMkdir, "/tmp/testing_dir")
	name(sysflow.OpRmdir, "/tmp/testing_dir")
	name(sysflow.OpLink, "/tmp/tested_file.txt", "/home/tested_file.txt")
	name(sysflow.OpSymlink, "/tmp/tested_file2.txt", "/home/tested_file2.txt")
	name(sysflow.OpRename, "/tmp/tested_file.txt", "/tmp/tested_file4.txt")
	name(sysflow.OpUnlink, "/tmp/tested_file4.txt")
	name(sysflow.OpUnlink, "/home/tested_file2.txt")
	s.exit(40, 0)
	s.expect(`
		P REUP 1 /usr/lib/systemd/systemd
		P REUP 20 /usr/sbin/sshd <1
		P REUP 30 /usr/bin/bash <20
		P CREATED 40 /home/filer <30
		PE 40/40 EXEC 0
		F REUP f /etc/ld.so.cache
		FF 40/40 OPEN|CLOSE|MMAP /etc/ld.so.cache fd3 0x1001 5-6
		F REUP f /lib/libc.so.6
		FF 40/40 OPEN|READ_RECV|CLOSE|MMAP /lib/libc.so.6 fd3 0x1001 7-8 r1/832
		F REUP f /tmp/tested_file.txt
		FF 40/40 OPEN|WRITE_SEND|CLOSE /tmp/tested_file.txt fd3 0x107 9-10 w1/31
		F CREATED d /tmp/testing_dir
		FE 40/40 MKDIR /tmp/testing_dir 0
		FE 40/40 RMDIR /tmp/testing_dir 0
		F CREATED f /home/tested_file.txt
		FE 40/40 LINK /tmp/tested_file.txt /home/tested_file.txt 0
		F REUP ? /tmp/tested_file2.txt
		F CREATED ? /home/tested_file2.txt
		FE 40/40 SYMLINK /tmp/tested_file2.txt /home/tested_file2.txt 0
		F CREATED f /tmp/tested_file4.txt
		FE 40/40 RENAME /tmp/tested_file.txt /tmp/tested_file4.txt 0
		FE 40/40 UNLINK /tmp/tested_file4.txt 0
		FE 40/40 UNLINK /home/tested_file2.txt 0
		PE 40/40 EXIT 0
	`)
}

func TestProgramClientServer(t *testing.T) {
	client, server := netip.MustParseAddrPort("127.0.0.1:40556"), netip.MustParseAddrPort("127.0.0.1:8080")
	for _, test := range []struct {
		name  string
		op    sysflow.OpFlags
		sock  Socket
		reads []int64
		want  string
	}{
		{
			name: "client", op: sysflow.OpConnect, reads: []int64{80},
			sock: Socket{Local: client, Remote: server, Proto: sysflow.ProtoTCP, Role: RoleInitiator},
			want: `NF 40/40 CONNECT|READ_RECV|WRITE_SEND|TRUNCATE 127.0.0.1:40556->127.0.0.1:8080 6 fd4 9-10 r1/80 w1/80`,
		},
		{
			name: "server", op: sysflow.OpAccept, reads: []int64{80, 0},
			sock: Socket{Local: server, Remote: client, Proto: sysflow.ProtoTCP, Role: RoleAcceptor},
			want: `NF 40/40 ACCEPT|READ_RECV|WRITE_SEND|TRUNCATE 127.0.0.1:40556->127.0.0.1:8080 6 fd4 9-10 r2/80 w1/80`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := withShell(t)
			s.start("/home/" + test.name)
			s.lines = nil
			s.socket(40, 4, test.op, test.sock)
			s.do(4, opWrite, 80)
			s.do(4, opRead, test.reads...)
			s.exit(40, 2)
			s.expect(test.want + "\nPE 40/40 EXIT 2")
		})
	}
}

func TestProgramSetuid(t *testing.T) {
	s := withShell(t)
	s.start("/home/setuid")
	s.lines = nil
	s.fork(40, 41)
	s.apply(Event{Type: EventSetuid, PID: 40, SetuidTo: 1000, Process: &ProcessInfo{UID: 1000, GID: 1000}})
	s.fork(40, 42)
	s.apply(Event{Type: EventSetuid, PID: 40, SetuidTo: 0, Ret: -1, Process: &ProcessInfo{UID: 1000, GID: 1000}})
	s.fork(40, 43)
	s.exit(40, 0)
	s.expect(`
		PE 40/40 CLONE 41
		P CREATED 41 /home/setuid <40
		PE 41/41 CLONE 0
		P MODIFIED 40 /home/setuid <30
		PE 40/40 SETUID 0 terylt
		PE 40/40 CLONE 42
		P CREATED 42 /home/setuid <40
		PE 42/42 CLONE 0
		P MODIFIED 40 /home/setuid <30
		PE 40/40 SETUID -1 root
		PE 40/40 CLONE 43
		P CREATED 43 /home/setuid <40
		PE 43/43 CLONE 0
		PE 40/40 EXIT 0
	`)
}
