package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestNames(t *testing.T) {
	for _, test := range []struct {
		name   string
		events []Event
		want   string
	}{
		{
			name: "each directory operation in turn",
			events: []Event{
				{Op: sysflow.OpMkdir, Path: "/d"},
				{Op: sysflow.OpRename, Path: "/d", NewPath: "/e"},
				{Op: sysflow.OpRmdir, Path: "/e"},
			},
			want: `
				F CREATED d /d
				FE 10/10 MKDIR /d 0
				F CREATED d /e
				FE 10/10 RENAME /d /e 0
				FE 10/10 RMDIR /e 0
			`,
		},
		{
			name:   "unknown file",
			events: []Event{{Op: sysflow.OpLink, Path: "/a", NewPath: "/b"}, {Op: sysflow.OpUnlink, Path: "/c"}},
			want: `
				F REUP ? /a
				F CREATED ? /b
				FE 10/10 LINK /a /b 0
				F CREATED ? /c
				FE 10/10 UNLINK /c 0
			`,
		},
		{
			name: "type is kept", events: []Event{
				{Op: sysflow.OpUnlink, Path: "/f", FileType: sysflow.FileRegular},
				{Op: sysflow.OpMkdir, Path: "/f", Ret: -17},
				{Op: sysflow.OpSymlink, Path: "/f", NewPath: "/s"},
				{Op: sysflow.OpRename, Path: "/f", NewPath: "/s", Ret: -1},
			},
			want: `
				F CREATED f /f
				FE 10/10 UNLINK /f 0
				FE 10/10 MKDIR /f -17
				F CREATED ? /s
				FE 10/10 SYMLINK /f /s 0
				F CREATED f /s
				FE 10/10 RENAME /f /s -1
			`,
		},
		{
			name: "type changes", events: []Event{
				{Op: sysflow.OpUnlink, Path: "/f", FileType: sysflow.FileRegular},
				{Op: sysflow.OpMkdir, Path: "/f"},
			},
			want: `
				F CREATED f /f
				FE 10/10 UNLINK /f 0
				F CREATED d /f
				FE 10/10 MKDIR /f 0
			`,
		},
		{
			name: "arguments, and a type told with the operation", events: []Event{
				{Op: sysflow.OpChmod, Path: "/f", Args: []string{"mode=0644"}},
				{Op: sysflow.OpChown, Path: "/f", FileType: sysflow.FileRegular, Args: []string{"uid=0", "gid=-1"}},
				{Op: sysflow.OpFtruncate, Path: "/f", Args: []string{"length=0"}, Ret: -13},
				{Op: sysflow.OpMknod, Path: "/n", FileType: sysflow.FilePipe, Args: []string{"mode=010644", "dev=0"}},
				{Op: sysflow.OpSetxattr, Path: "/n", Args: []string{"name=user.x"}, Origin: sysflow.OriginIOUring},
			},
			want: `
				F REUP ? /f
				FE 10/10 CHMOD /f 0 mode=0644
				F REUP f /f
				FE 10/10 CHOWN /f 0 uid=0 gid=-1
				FE 10/10 FTRUNCATE /f -13 length=0
				F CREATED p /n
				FE 10/10 MKNOD /n 0 mode=010644 dev=0
				FE 10/10 SETXATTR /n 0 name=user.x by io_uring
			`,
		},
		{
			name: "failed open", events: []Event{
				{Op: sysflow.OpOpen, Path: "/etc/none", Ret: -2, Args: []string{"name=../etc/none", "flags=O_RDONLY"}},
			},
			want: `
				F REUP ? /etc/none
				FE 10/10 OPEN /etc/none -2 name=../etc/none flags=O_RDONLY
			`,
		},
		{
			name: "unix socket", events: []Event{
				{Op: sysflow.OpBind, Path: "/s", FileType: sysflow.FileUnix},
				{Op: sysflow.OpListen, Path: "/s", FileType: sysflow.FileUnix, Args: []string{"backlog=8"}},
				{Op: sysflow.OpConnect, Path: "@none", FileType: sysflow.FileUnix, Ret: -111},
			},
			want: `
				F CREATED u /s
				FE 10/10 BIND /s 0
				FE 10/10 LISTEN /s 0 backlog=8
				F REUP u @none
				FE 10/10 CONNECT @none -111
			`,
		},
		{
			name: "one file twice", events: []Event{{Op: sysflow.OpRename, Path: "/f", NewPath: "/f"}},
			want: `
				F REUP ? /f
				FE 10/10 RENAME /f /f 0
			`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t)
			s.snapshot(10, "/bin/app", 0)
			for _, e := range test.events {
				e.Type, e.PID = EventName, 10
				s.apply(e)
			}
			s.expect("P REUP 10 /bin/app\n" + test.want)
		})
	}
}

func TestTypeKnownFromAnOpenFile(t *testing.T) {
	s := withProcess(t)
	s.apply(Event{Type: EventName, PID: 10, Op: sysflow.OpLink, Path: "/a", NewPath: "/b"})
	s.lines = nil
	s.open(10, 5, "/a", flagsLib)
	s.close(10, 5)
	s.apply(Event{Type: EventName, PID: 10, Op: sysflow.OpUnlink, Path: "/a"})
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|CLOSE /a fd5 0x1001 2-3
		FE 10/10 UNLINK /a 0
	`)
}

func TestFilesOfContainers(t *testing.T) {
	var files []*sysflow.File
	s := newSystem(t)
	s.b.sink = func(rec sysflow.Record) {
		if f, ok := rec.(*sysflow.File); ok {
			files = append(files, f)
		}
	}
	for pid, id := range []string{"", "c010f5a08549", "c010f5a08549"} {
		info := proc("/bin/a", 0)
		info.ContainerID = id
		s.apply(Event{Type: EventSnapshot, PID: int32(pid + 1), Process: info})
		e := unlink(int32(pid + 1))
		e.Path = "/root/.ash_history"
		s.apply(e)
	}
	if assert.Len(t, files, 2) {
		assert.Empty(t, files[0].ContainerID)
		assert.Equal(t, "c010f5a08549", files[1].ContainerID)
		assert.Equal(t, "e70fe801", files[1].OID.String()[:8])
	}
	for pid := range int32(3) {
		s.exit(pid+1, 0)
	}
	s.after(2e9)
	assert.Equal(t, 2, s.b.Stats().Files)
}
