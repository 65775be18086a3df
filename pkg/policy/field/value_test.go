package field

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const second = 1_000_000_000

// family is a shell below nginx in a container, below init.
func family() *Process {
	root := &Process{Process: sysflow.Process{OID: sysflow.OID{HPID: 1, CreateTS: 5}, Exe: "/usr/lib/systemd/systemd", Entry: true}}
	nginx := &Process{
		Process: sysflow.Process{
			OID: sysflow.OID{HPID: 40, CreateTS: 10 * second}, POID: &root.OID, Exe: "/usr/sbin/nginx", ExeArgs: "-g daemon off;",
			UID: 33, UserName: "www-data", GID: 33, GroupName: "www-data", ContainerID: "c0ffee", Entry: true,
		},
		Parent: root,
	}
	return &Process{
		Process: sysflow.Process{
			OID: sysflow.OID{HPID: 50, CreateTS: 20 * second}, POID: &nginx.OID, Exe: "/opt/a-shell-with-a-long-name", ExeArgs: "-c id",
			UID: sysflow.UnknownID, UserName: "<NA>", GID: 7, TTY: true, ContainerID: "c0ffee", CWD: "/srv/", Env: []string{"PATH=/bin", "A=", "AB=x"},
		},
		Parent:    nginx,
		Container: &sysflow.Container{ID: "c0ffee", Name: "web", Image: "docker.io/library/nginx:1.25", ImageID: "abc", Type: sysflow.ContainerCRIO, Privileged: true},
		Pod: &sysflow.Pod{
			ID: "uid-1", Name: "web-0", Namespace: "prod", NodeName: "n1", RestartCount: 2, InternalIP: []int64{0x0100000a}, // 10.0.0.1
			Labels:   map[string]string{"app": "web", "a": "b"},
			Services: []sysflow.Service{{Name: "front", ClusterIP: []int64{0x0200000a, 0x0300000a}, PortList: []sysflow.Port{{Port: 80, TargetPort: 8080, Proto: "TCP"}}}},
		},
	}
}

// expect asks the named fields; a value of "-" is none.
func expect(t *testing.T, r *Record, want map[string]string) {
	t.Helper()
	for _, text := range slices.Sorted(maps.Keys(want)) {
		f := syntax.Field{Name: text}
		if name, arg, ok := strings.Cut(strings.TrimSuffix(text, "]"), "["); ok {
			f = syntax.Field{Name: name, Arg: arg, HasArg: true}
		}
		ref, problem := Resolve(&f)
		require.Nil(t, problem, text)
		require.NotNil(t, ref.Get, text)
		have := "-"
		if v := ref.ask(r); v.Present {
			have = v.Text(ref.Def)
		}
		assert.Equal(t, want[text], have, text)
	}
}

func TestProcess(t *testing.T) {
	p := family()
	r := &Record{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExec, TS: 21 * second, TID: 51, HasRet: true, Process: p, Node: &Node{Name: "host1", IP: "192.0.2.1"}}
	expect(t, r, map[string]string{
		"sf.type": "PE", "sf.opflags": "EXEC", "sf.ret": "0", "sf.endts": "-", "sf.res": "-",
		"sf.proc.pid": "50", "sf.proc.tid": "51", "sf.proc.uid": "-", "sf.proc.user": "<NA>", "sf.proc.gid": "7", "sf.proc.group": "-",
		"sf.proc.exe": "/opt/a-shell-with-a-long-name", "sf.proc.name": "a-shell-with-a-long-name", "sf.proc.args": "-c id",
		"sf.proc.cmdline": "/opt/a-shell-with-a-long-name -c id", "sf.proc.tty": "true", "sf.proc.entry": "false", "sf.proc.createts": "20000000000",
		"sf.proc.cwd": "/srv/", "sf.proc.env": "PATH=/bin,A=,AB=x", "sf.proc.env[AB]": "x", "sf.proc.env[A]": "", "sf.proc.env[P]": "-",
		"sf.proc.aname": "a-shell-with-a-long-name,nginx,systemd", "sf.proc.apid": "50,40,1",
		"sf.proc.aexe":     "/opt/a-shell-with-a-long-name,/usr/sbin/nginx,/usr/lib/systemd/systemd",
		"sf.proc.acmdline": "/opt/a-shell-with-a-long-name -c id,/usr/sbin/nginx -g daemon off;,/usr/lib/systemd/systemd",
		"sf.pproc.pid":     "40", "sf.pproc.name": "nginx", "sf.pproc.uid": "33", "sf.pproc.aname": "nginx,systemd", "sf.pproc.createts": "10000000000",
		"sf.node.id": "host1", "sf.node.ip": "192.0.2.1", "sf.version": "5",
	})
	expect(t, r, map[string]string{
		"proc.name": "a-shell-with-a-", "proc.pname": "nginx", "proc.aname": "nginx,systemd", "proc.aname[0]": "a-shell-with-a-",
		"proc.aname[1]": "nginx", "proc.aname[2]": "systemd", "proc.aname[3]": "-", "proc.exepath": p.Exe, "proc.exe": p.Exe,
		"proc.cmdline": "a-shell-with-a- -c id", "proc.pcmdline": "nginx -g daemon off;", "proc.args": "-c id", "proc.args[0]": "-c", "proc.args[1]": "id",
		"proc.args[2]": "-", "proc.cmdnargs": "2", "proc.cmdlenargs": "4", "proc.env": "PATH=/bin A= AB=x", "proc.env[PATH]": "/bin", "proc.aenv[PATH]": "-",
		"proc.tty": "1", "proc.pid": "50", "proc.ppid": "40", "proc.apid": "40,1", "proc.apid[2]": "1", "proc.vpid": "-", "proc.pvpid": "1",
		"proc.duration": "1000000000", "proc.ppid.duration": "11000000000", "proc.pid.ts": "20000000000", "proc.acmdline[1]": "nginx -g daemon off;",
		"thread.tid": "51", "thread.ismain": "false", "thread.vtid": "-", "user.uid": "-", "user.name": "<NA>", "group.gid": "7",
		"proc.loginshellid": "-", "evt.type": "execve", "evt.res": "SUCCESS", "evt.rawres": "0", "evt.dir": "<", "evt.num": "21000000000",
		"evt.time": "00:00:21.000000000", "evt.datetime.s": "1970-01-01 00:00:21", "evt.time.iso8601": "1970-01-01T00:00:21.000000000+0000",
		"evt.is_open_write": "false", "evt.arg.filename": p.Exe, "evt.arg.flags": "-", "fd.name": "-", "fd.typechar": "-", "fd.num": "-",
		"evt.type.is.execve": "1", "evt.type.is.open": "0", "evt.hostname": "host1", "evt.category": "process",
	})
}

func TestAncestorsMayBeUnknown(t *testing.T) {
	p := &Process{Process: sysflow.Process{OID: sysflow.OID{HPID: 9}, POID: &sysflow.OID{HPID: 8, CreateTS: 3}, Exe: "sh"}}
	expect(t, &Record{Kind: sysflow.KindProcessEvent, Process: p, TS: 10}, map[string]string{
		"proc.ppid": "8", "sf.pproc.pid": "8", "sf.pproc.name": "-", "proc.pname": "-", "proc.aname": "-", "proc.apid": "8", "proc.apid[1]": "8",
		"proc.apid[2]": "-", "sf.proc.apid": "9,8", "sf.proc.aname": "sh", "proc.duration": "-", "proc.ppid.duration": "7", "proc.vpid": "9",
		"container.id": "host", "container.name": "host", "container.image": "-", "container.privileged": "-", "sf.container.type": "host", "sf.container.id": "-",
	})
	expect(t, &Record{}, map[string]string{"proc.name": "-", "container.id": "-", "sf.proc.tty": "-", "sf.pproc.pid": "-", "sf.node.id": "-", "evt.num": "1"})
}

func TestContainerAndPod(t *testing.T) {
	expect(t, &Record{Process: family()}, map[string]string{
		"container.id": "c0ffee", "container.name": "web", "container.type": "cri-o", "container.image": "docker.io/library/nginx:1.25",
		"container.image.repository": "docker.io/library/nginx", "container.image.tag": "1.25", "container.image.digest": "-",
		"container.image.id": "abc", "container.privileged": "true",
		"sf.container.type": "CRIO", "sf.container.privileged": "true", "sf.container.image": "docker.io/library/nginx:1.25",
		"k8s.pod.name": "web-0", "k8s.ns.name": "prod", "k8s.pod.uid": "uid-1", "k8s.pod.label[app]": "web", "k8s.pod.label[none]": "-",
		"k8s.pod.label.app": "web", "k8s.pod.label.none": "-",
		"k8s.pod.labels": "a:b,app:web", "k8s.pod.ip": "10.0.0.1",
		"sf.pod.name": "web-0", "sf.pod.restartcnt": "2", "sf.pod.internalip": "10.0.0.1", "sf.pod.internalip[0]": "10.0.0.1", "sf.pod.hostip": "-",
		"sf.pod.services":                `[{"id":"","name":"front","namespace":"","clusterip":["10.0.0.2","10.0.0.3"],"ports":[{"port":80,"targetport":8080,"nodeport":0,"proto":"TCP"}]}]`,
		"sf.pod.services[0.clusterip.1]": "10.0.0.3", "sf.pod.services[0.ports.0.port]": "80", "sf.pod.services[1.name]": "-",
	})
}

func TestSplitImage(t *testing.T) {
	for image, want := range map[string][3]string{
		"alpine":                           {"alpine", "", ""},
		"alpine:latest:latest":             {"alpine", "latest", ""},
		"registry:5000/a/b":                {"registry:5000/a/b", "", ""},
		"registry:5000/a/b:1":              {"registry:5000/a/b", "1", ""},
		"quay.io/falco:1@sha256:0123":      {"quay.io/falco", "1", "sha256:0123"},
		"quay.io/falco@sha256:0123":        {"quay.io/falco", "", "sha256:0123"},
		"docker.io/library/nginx:1.25-alp": {"docker.io/library/nginx", "1.25-alp", ""},
	} {
		repo, tag, digest := splitImage(image)
		assert.Equal(t, want, [3]string{repo, tag, digest}, image)
	}
}

func TestFileFlow(t *testing.T) {
	r := &Record{
		Kind: sysflow.KindFileFlow, Ops: sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpWriteSend | sysflow.OpClose, FD: 5,
		File:      File{Path: "/etc/pam.d/sshd", Type: sysflow.FileRegular},
		OpenFlags: sysflow.OpenReadWrite | sysflow.OpenCreate | sysflow.OpenCloexec, Counters: sysflow.Counters{NumRRecvBytes: 8, NumRRecvOps: 2},
	}
	expect(t, r, map[string]string{
		"sf.opflags": "OPEN,CLOSE,WRITE,READ", "sf.file.path": "/etc/pam.d/sshd", "sf.file.name": "sshd", "sf.file.directory": "/etc/pam.d",
		"sf.file.newpath": "-", "sf.file.newname": "-", "sf.file.type": "f", "sf.file.openflags": "RDONLY,WRONLY,RDWR,CREAT,CLOEXEC",
		"sf.file.is_open_read": "true", "sf.file.is_open_write": "true", "sf.file.fd": "5", "sf.flow.rbytes": "8", "sf.flow.rops": "2", "sf.flow.wops": "0",
		"sf.file.oid": sysflow.NewFOID("", "/etc/pam.d/sshd").String(), "sf.file.newoid": "-", "sf.res": "/etc/pam.d/sshd", "sf.net.port": "-", "sf.net.sport": "-", "sf.net.sockfamily": "-",
	})
	expect(t, r, map[string]string{
		"evt.type": "open,read,write,close", "fd.name": "/etc/pam.d/sshd", "fd.directory": "/etc/pam.d", "fd.filename": "sshd", "fd.num": "5",
		"fd.type": "file", "fd.typechar": "f", "evt.is_open_read": "true", "evt.is_open_write": "true", "evt.is_open_create": "true",
		"evt.arg.flags": "O_CREAT|O_RDWR|O_CLOEXEC", "evt.arg.name": "/etc/pam.d/sshd", "evt.arg.path": "-", "evt.rawres": "5", "evt.res": "SUCCESS",
		"evt.rawarg.fd": "5", "evt.failed": "false", "evt.is_io_read": "true", "evt.io_dir": "read,write", "fs.path.name": "/etc/pam.d/sshd",
		"fd.sport": "-", "fd.ip": "-", "fd.l4proto": "-", "fd.sockfamily": "-", "evt.args": "name=/etc/pam.d/sshd flags=O_CREAT|O_RDWR|O_CLOEXEC",
		"evt.abspath": "/etc/pam.d/sshd", "syscall.type": "open,read,write,close",
	})

	r.Ops &^= sysflow.OpOpen
	expect(t, r, map[string]string{"evt.is_open_write": "false", "evt.arg.flags": "-", "evt.arg.name": "-", "sf.file.is_open_write": "true", "fd.name": "/etc/pam.d/sshd"})

	r.File = File{Path: "/etc/pam.d", Type: sysflow.FileDirectory}
	expect(t, r, map[string]string{"fd.directory": "/etc/pam.d", "fd.filename": "-", "fd.typechar": "d", "fd.type": "directory", "sf.file.directory": "/etc"})

	r.File = File{Path: "ffff8800a->ffff8801b /run/docker.sock", Type: sysflow.FileUnix}
	expect(t, r, map[string]string{
		"sf.file.path": "/run/docker.sock", "sf.file.symlink": "ffff8800a->ffff8801b", "sf.file.name": "docker.sock", "fd.typechar": "u",
		"fd.name": "ffff8800a->ffff8801b /run/docker.sock", "fd.directory": "-", "fd.sockfamily": "unix",
	})
}

func TestFileEvent(t *testing.T) {
	r := &Record{
		Kind: sysflow.KindFileEvent, Ops: sysflow.OpRename, HasRet: true, Ret: -2, FD: -1,
		File: File{Path: "/a/old", Type: sysflow.FileUnknown}, NewFile: File{Path: "/b/new", Type: sysflow.FileUnknown},
	}
	expect(t, r, map[string]string{
		"sf.file.path": "/a/old", "sf.file.newpath": "/b/new", "sf.file.newdirectory": "/b", "sf.ret": "-2", "sf.res": "/a/old, /b/new", "sf.file.type": "?",
		"sf.file.openflags": "-", "sf.file.is_open_write": "-", "sf.file.fd": "-", "sf.flow.rops": "-",
		"evt.type": "rename", "evt.res": "ENOENT", "evt.rawres": "-2", "evt.failed": "true", "evt.arg.oldpath": "/a/old", "evt.arg.newpath": "/b/new",
		"evt.arg.target": "-", "fs.path.source": "-", "fd.name": "-", "fd.num": "-", "evt.arg.res": "ENOENT", "evt.rawarg.res": "-2",
		"evt.args": "res=ENOENT oldpath=/a/old newpath=/b/new",
	})
	r.Ret = 0
	expect(t, r, map[string]string{"fs.path.source": "/a/old", "fs.path.target": "/b/new", "fs.path.name": "-", "evt.abspath.dst": "/b/new"})

	r.Ops = sysflow.OpSymlink
	expect(t, r, map[string]string{
		"evt.type": "symlink", "evt.arg.target": "/a/old", "evt.arg.linkpath": "/b/new", "evt.arg.oldpath": "-",
		"fs.path.source": "/b/new", "fs.path.target": "/a/old", "evt.abspath": "/b/new",
	})
	r.Ops, r.NewFile = sysflow.OpUnlink, File{}
	expect(t, r, map[string]string{"evt.arg.path": "/a/old", "evt.arg.name": "/a/old", "fs.path.name": "/a/old", "evt.type": "unlink"})
}

func TestNetwork(t *testing.T) {
	r := &Record{
		Kind: sysflow.KindNetworkFlow, Ops: sysflow.OpConnect | sysflow.OpWriteSend, FD: 3, Proto: sysflow.ProtoTCP,
		SIP: netip.MustParseAddr("10.0.0.5"), SPort: 40000, DIP: netip.MustParseAddr("203.0.113.7"), DPort: 443,
	}
	expect(t, r, map[string]string{
		"sf.opflags": "CONNECT,SEND", "sf.net.proto": "6,tcp", "sf.net.sip": "10.0.0.5", "sf.net.dip": "203.0.113.7", "sf.net.ip": "10.0.0.5,203.0.113.7",
		"sf.net.sockfamily": "ip", "sf.net.sport": "40000", "sf.net.dport": "443", "sf.net.port": "40000,443", "sf.res": "10.0.0.5:40000-203.0.113.7:443", "sf.file.path": "-",
		"fd.name": "10.0.0.5:40000->203.0.113.7:443", "fd.cip": "10.0.0.5", "fd.sip": "203.0.113.7", "fd.cport": "40000", "fd.sport": "443",
		"fd.lip": "10.0.0.5", "fd.rip": "203.0.113.7", "fd.lport": "40000", "fd.rport": "443", "fd.is_server": "false", "fd.l4proto": "tcp",
		"fd.type": "ipv4", "fd.typechar": "4", "fd.sockfamily": "ip", "fd.port": "40000,443", "fd.net": "10.0.0.5,203.0.113.7", "fd.snet": "203.0.113.7",
		"fd.connected": "true", "fd.sproto": "443", "evt.rawres": "0", "evt.type": "connect,write", "evt.is_syslog": "false", "fd.directory": "-",
	})
	r.Ops = sysflow.OpAccept
	expect(t, r, map[string]string{"fd.lip": "203.0.113.7", "fd.rport": "40000", "fd.is_server": "true", "evt.rawres": "3"})

	r.Ops, r.Proto = sysflow.OpReadRecv, sysflow.ProtoUDP
	expect(t, r, map[string]string{"fd.lip": "-", "fd.rport": "-", "fd.is_server": "-", "fd.connected": "false", "sf.net.proto": "17,udp", "sf.opflags": "RECV"})
	r.Node = &Node{IP: "203.0.113.7"}
	expect(t, r, map[string]string{"fd.lip": "203.0.113.7", "fd.is_server": "true"})
	r.Node, r.Process = nil, &Process{Pod: &sysflow.Pod{InternalIP: []int64{0x0500000a}}}
	expect(t, r, map[string]string{"fd.lip": "10.0.0.5", "fd.is_server": "false"})

	r.SIP, r.DIP = netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2")
	expect(t, r, map[string]string{"sf.net.sockfamily": "ip", "fd.typechar": "6", "fd.type": "ipv6", "fd.name": "2001:db8::1:40000->2001:db8::2:443"})
}

func TestEndOfProcessHasNoResult(t *testing.T) {
	r := &Record{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExit, Ret: 256, HasRet: true}
	expect(t, r, map[string]string{"evt.res": "-", "evt.rawres": "-", "evt.failed": "-", "sf.ret": "256", "evt.type": "exit"})
	r = &Record{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpSetuid, Ret: -1, HasRet: true, Args: []string{"root"}}
	expect(t, r, map[string]string{"evt.arg.uid": "root", "evt.res": "EPERM", "evt.type": "setuid"})
	r.Process = &Process{Process: sysflow.Process{UID: 1000, UserName: "alice"}}
	for arg, want := range map[string]string{"1000": "1000,alice", "0": "0,root", "33": "33", "alice": "alice", "": "-"} {
		r.Args = []string{arg}
		expect(t, r, map[string]string{"evt.arg.uid": want})
	}
}

func TestK8sEvent(t *testing.T) {
	r := &Record{Kind: sysflow.KindK8sEvent, K8sKind: sysflow.K8sPods, K8sAction: sysflow.K8sComponentAdded, K8sMessage: `{"items":[{"namespace":"kube-system"}]}`}
	expect(t, r, map[string]string{
		"sf.type": "KE", "sf.ke.kind": "K8S_PODS", "sf.ke.action": "K8S_COMPONENT_ADDED", "sf.ke.message[items.0.namespace]": "kube-system",
		"sf.ke.message[items.1]": "-", "evt.type": "-", "evt.res": "-",
	})
	r.Kind = sysflow.KindProcessFlow
	expect(t, r, map[string]string{"sf.ke.kind": "-", "sf.ke.message": "-"})
}
