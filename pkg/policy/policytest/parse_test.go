package policytest

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{"f.yaml: error: the file is empty; write at least one case below cases: [LOAD_ERR_YAML_VALIDATE]"}},
		{"only a comment", "# nothing\n", []string{"f.yaml: error: the file is empty; write at least one case below cases: [LOAD_ERR_YAML_VALIDATE]"}},
		{"null", "~\n", []string{"f.yaml: error: the file is empty; write at least one case below cases: [LOAD_ERR_YAML_VALIDATE]"}},
		{"no cases", "cases: []\n", []string{"f.yaml:1:1: error: the file has no cases; write at least one case below cases: [LOAD_ERR_YAML_VALIDATE]"}},
		{"bad YAML", "cases:\n  - name: [a\n", []string{"f.yaml:2:3: error: did not find expected ',' or ']' [LOAD_ERR_YAML_PARSE]"}},
		{"no anchor", "cases:\n  - name: *x\n", []string{"f.yaml:2:11: error: unknown anchor 'x' referenced [LOAD_ERR_YAML_PARSE]"}},
		{"no beginning", "cases:\n  - name: @x\n", []string{"f.yaml:2:11: error: found character that cannot start any token [LOAD_ERR_YAML_PARSE]"}},
		{"two documents", "cases: []\n---\ncases: []\n", []string{"f.yaml:3:1: error: a second YAML document begins here, only one is read [LOAD_ERR_YAML_PARSE]"}},
		{"a list", "- a\n", []string{"f.yaml:1:1: error: a file of test cases must be a mapping, not a list; write key: value pairs [LOAD_ERR_YAML_VALIDATE]"}},
		{
			"unknown keys", "polices: x\ncases:\n  - {name: a, record: [], records: []}\n", []string{
				`f.yaml:1:1: error: a file of test cases has no key "polices"; did you mean "policies"? [LOAD_ERR_YAML_VALIDATE]`,
				`f.yaml:3:15: error: a case has no key "record"; did you mean "records"? [LOAD_ERR_YAML_VALIDATE]`,
			},
		},
		{"key twice", "cases:\n  - name: a\n    records: []\n    name: b\n", []string{
			`f.yaml:4:5: error: a case has the key "name" twice, the first is on line 2 [LOAD_ERR_YAML_VALIDATE]`,
		}},
		{"case twice", "cases:\n  - {name: a, records: []}\n  - {name: a, records: []}\n", []string{
			`f.yaml:3:5: error: a case "a" is already on line 2; give each case a name of its own [LOAD_ERR_YAML_VALIDATE]`,
		}},
		{"neither records nor trace", "cases: [{name: a}]\n", []string{
			`f.yaml:1:9: error: case "a" has neither records nor a trace; add records: or trace: [LOAD_ERR_YAML_VALIDATE]`,
		}},
		{"both", "cases: [{name: a, trace: t.sf, records: []}]\n", []string{
			`f.yaml:1:32: error: case "a" takes its records from a trace, so it can have no records [LOAD_ERR_YAML_VALIDATE]`,
		}},
		{"alerts", "cases: [{name: a, records: [], alerts: {r: 0, s: x}}, {name: b, records: [], alerts: r}, {name: c, records: [], alerts: [r, r]}]\n", []string{
			`f.yaml:1:44: error: alerts: "r" must match at least once; leave out rules that must not match [LOAD_ERR_YAML_VALIDATE]`,
			`f.yaml:1:50: error: a whole number of at most 32 bits is expected here [LOAD_ERR_YAML_VALIDATE]`,
			`f.yaml:1:86: error: alerts must be a list or a mapping, not "r"; write [Rule name], or {Rule name: 3} to count [LOAD_ERR_YAML_VALIDATE]`,
			`f.yaml:1:125: error: alerts: "r" is no name, or is there twice [LOAD_ERR_YAML_VALIDATE]`,
		}},
		{"bytes, not characters", "cases: [{name: größe, x: y}]\n", []string{
			`f.yaml:1:25: error: a case has no key "x" [LOAD_ERR_YAML_VALIDATE]`,
			`f.yaml:1:9: error: case "größe" has neither records nor a trace; add records: or trace: [LOAD_ERR_YAML_VALIDATE]`,
		}},
		{"merged into itself", "cases:\n  - &a\n    <<: *a\n    name: a\n    records: []\n", []string{
			`f.yaml:3:5: error: the file has too many merge keys, or one that merges into itself [LOAD_ERR_YAML_VALIDATE]`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, findings := Parse("f.yaml", []byte(tc.text))
			assert.Nil(t, f)
			assert.Equal(t, tc.want, texts(findings))
		})
	}
}

func texts(l diag.List) []string {
	var out []string
	for _, d := range l {
		out = append(out, d.Error())
	}
	return out
}

func TestSceneErrors(t *testing.T) {
	const head = "cases:\n- name: a\n  processes: {sh: {exe: /bin/sh}}\n  records:\n  - "
	for record, want := range map[string]string{
		"{op: EXECUTE, process: sh}":                                        `f.yaml:5:10: error: op: "EXECUTE" is no set of operations; write names joined by |, like OPEN|READ|CLOSE`,
		"{op: EXEC}":                                                        `f.yaml:5:5: error: a record of kind PE needs the key "process"`,
		"{process: sh}":                                                     `f.yaml:5:5: error: a record of kind PE needs the key "op"`,
		"{op: EXEC, process: ssh}":                                          `f.yaml:5:25: error: there is no process "ssh"; did you mean "sh"?`,
		"{op: EXEC, process: sh, fd: 1}":                                    `f.yaml:5:29: error: a record of kind PE has no "fd"`,
		"{op: EXEC|EXIT, process: sh}":                                      `f.yaml:5:10: error: a record of kind PE has one operation, not EXEC|EXIT; write a record for each`,
		"{op: OPEN, process: sh}":                                           `f.yaml:5:5: error: a record of kind FF needs the key "file"`,
		"{op: OPEN|EXEC, process: sh, file: /a}":                            `f.yaml:5:10: error: a record of kind FF cannot have the operation EXEC`,
		"{op: RENAME, process: sh, file: /a}":                               `f.yaml:5:5: error: a record of kind FE needs the key "new_file"`,
		"{op: MKDIR, process: sh, file: /a, new_file: /b}":                  `f.yaml:5:40: error: a record of kind FE has no "new_file"`,
		"{op: OPEN, process: sh, file: [/a]}":                               `f.yaml:5:35: error: a text is expected here, not a list`,
		"{op: OPEN, process: sh, file: /a, type: x}":                        `f.yaml:5:45: error: "x" is no type of files; f file, d directory, u unix socket, p pipe and ? unknown are`,
		"{op: OPEN, process: sh, file: /a, open_flags: O_CREAT}":            `f.yaml:5:51: error: open_flags: "O_CREAT" are no open flags; write names joined by |, like RDWR|CREAT|TRUNC`,
		"{op: CONNECT, process: sh, net: 10.0.0.1}":                         `f.yaml:5:37: error: net: "10.0.0.1" is no connection; write "10.0.0.5:40000 -> 203.0.113.7:443/tcp", IPv6 addresses as [2001:db8::1]:443`,
		"{op: CONNECT, process: sh, net: '10.0.0.1:1 -> 10.0.0.2:99999'}":   `f.yaml:5:37: error: net: "10.0.0.1:1 -> 10.0.0.2:99999" is no connection; write "10.0.0.5:40000 -> 203.0.113.7:443/tcp", IPv6 addresses as [2001:db8::1]:443`,
		"{op: CONNECT, process: sh, net: '10.0.0.1:1 -> 10.0.0.2:9/sctpp'}": `f.yaml:5:37: error: net: "sctpp" is no protocol; tcp, udp, icmp, raw or a number is`,
		"{op: SOCKET|BIND, process: sh, net: 10.0.0.1}":                     `f.yaml:5:10: error: a record of kind NE has one operation, not SOCKET|BIND; write a record for each`,
		"{op: LISTEN, process: sh}":                                         `f.yaml:5:5: error: a record of kind NE needs the key "net"`,
		"{op: CHMOD, process: sh}":                                          `f.yaml:5:5: error: a record of kind FE needs the key "file"`,
		"{op: MOUNT|BPF, process: sh}":                                      `f.yaml:5:10: error: a record of kind PE has one operation, not BPF|MOUNT; write a record for each`,
		"{op: OPEN, process: sh, file: /a, origin: fax}":                    `f.yaml:5:47: error: "fax" is no origin of operations; syscall, io_uring and syscall|io_uring are`,
		"{op: EXEC, process: sh, kind: GAP}":                                `f.yaml:5:35: error: "GAP" is no kind of records; PE, FE, NE, PF, FF, NF and KE are`,
		"{op: EXEC, process: sh, at: 10}":                                   `f.yaml:5:33: error: a duration is expected here; write a number with a unit: 10s, 1m30s, 5ms`,
		"{op: EXEC, process: sh, kind: P}":                                  `f.yaml:5:35: error: "P" is no kind of records; PE, FE, NE, PF, FF, NF and KE are`,
		"{kind: KE}":                                                        `f.yaml:5:5: error: a record of kind KE needs the key "k8s"`,
		"{k8s: {kind: POD}}":                                                `f.yaml:5:18: error: "POD" is no kind of Kubernetes objects; PODS, NODES, EVENTS and such are`,
		"{k8s: {action: GONE}, op: EXEC}":                                   `f.yaml:5:20: error: "GONE" is nothing that happens to Kubernetes objects; ADDED, MODIFIED, DELETED, ERROR, NONEXISTENT and UNKNOWN are`,
		"{k8s: {}, op: EXEC}":                                               `f.yaml:5:15: error: a record of kind KE has no "op"`,
	} {
		f, findings := Parse("f.yaml", []byte(head+record+"\n"))
		assert.Nil(t, f, record)
		assert.Equal(t, []string{want + " [LOAD_ERR_YAML_VALIDATE]"}, texts(findings), record)
	}
}

func TestProcessErrors(t *testing.T) {
	for processes, want := range map[string]string{
		"{a: {exe: /a, parent: b}, b: {exe: /b, parent: a}}": `f.yaml:3:36: error: process "a" is its own ancestor`,
		"{a: {exe: /a, parent: c}}":                          `f.yaml:3:36: error: process "a": there is no process "c"`,
		"{a: {}}":                                            `f.yaml:3:15: error: process "a" has no exe; add exe: the path of its program`,
		"{a: {exe: /a, pid: 1, created: 0s}, b: {exe: /b, pid: 1, created: 0s}}": `f.yaml:3:50: error: processes "a" and "b" are the same; give them other pids or times of creation`,
		"{a: {exe: /a, container: c}}":                                           `f.yaml:3:39: error: process "a": there is no container "c"`,
		"{a: {exe: /a, tty: yes}}":                                               `f.yaml:3:33: error: true or false is expected here`,
		"{a: {exe: /a, exe_flags: NEW}}":                                         `f.yaml:3:39: error: exe_flags: unknown flag of an executable "NEW"; write WRITABLE, UPPER_LAYER, LOWER_LAYER, MEMFD, joined by |`,
		"{a: {exe: /a, cap_effective: CAP_X}}":                                   `f.yaml:3:43: error: "CAP_X" is no capability; write names joined by |, like SYS_ADMIN|NET_RAW, or all`,
		"{a: {exe: /a, namespaces: {disk: 1}}}":                                  `f.yaml:3:41: error: namespaces has no key "disk"`,
		"{a: /bin/sh}":                                                           `f.yaml:3:18: error: a process must be a mapping, not "/bin/sh"; write key: value pairs`,
	} {
		f, findings := Parse("f.yaml", []byte("cases:\n- name: a\n  processes: "+processes+"\n  records: []\n"))
		assert.Nil(t, f, processes)
		assert.Contains(t, texts(findings), want+" [LOAD_ERR_YAML_VALIDATE]", processes)
	}
}

// allKinds has all that cases can have.
const allKinds = `policies: [../execution.yaml, /etc/rules]
cases:
  - name: a shell below nginx
    node: {name: node-1, ip: 192.0.2.1}
    pods:
      shop: {namespace: prod, labels: {app: web}, internal_ip: 10.0.0.5}
    containers:
      web: {image: "docker.io/library/nginx:1.25", type: containerd, privileged: true, pod: shop}
    processes:
      sh: {parent: nginx, exe: /bin/sh, args: [-c, id]}
      nginx: &nginx {exe: /usr/sbin/nginx, user: www-data, uid: 33, gid: 33, container: web, entry: true, env: [A=b]}
      other: {<<: *nginx, container: "", entry: false, pid: 77, cwd: /tmp}
    records:
      - {op: EXEC, process: sh}
      - {op: OPEN|READ|CLOSE, process: sh, file: /etc/shadow, at: 10s, rbytes: 10, duration: 1s}
      - {op: RENAME, process: sh, file: /etc/shadow, new_file: /b, ret: -13}
      - {op: CONNECT|SEND, process: other, net: "10.0.0.5:40000 -> [2001:db8::1]:4444/udp", wbytes: 10, wops: 2}
      - {kind: NE, op: CONNECT, process: other, net: "10.0.0.5 -> 10.0.0.6/icmp", ret: -111}
      - {k8s: {kind: pods, action: deleted, message: "{}"}, at: 1m}
    alerts: [Shell]
  - name: recorded
    about: Shell
    trace: attack.sf
    alerts: {Shell: 3, Other: 1}
`

func TestParse(t *testing.T) {
	f, findings := Parse("dir/tests/f.yaml", []byte(allKinds))
	require.Empty(t, findings)
	assert.Equal(t, []string{"dir/execution.yaml", "/etc/rules"}, f.Policies)
	require.Len(t, f.Cases, 2)

	traced := f.Cases[1]
	assert.Equal(t, "dir/tests/attack.sf", traced.Trace)
	assert.Equal(t, []Expectation{{Rule: "Shell", Pos: diag.Position{File: "dir/tests/f.yaml", Line: 22, Column: 12}}}, traced.About)
	require.Len(t, traced.Alerts, 2)
	assert.Equal(t, Expectation{Rule: "Shell", Count: 3, Pos: diag.Position{File: "dir/tests/f.yaml", Line: 24, Column: 14}}, traced.Alerts[0])

	c := f.Cases[0]
	require.Len(t, c.Alerts, 1)
	assert.Equal(t, "Shell", c.Alerts[0].Rule)
	assert.Equal(t, wantRecords(), c.Records)
}

// wantRecords are those of the first case of allKinds.
func wantRecords() []sysflow.Record {
	at := func(d time.Duration) int64 { return start.Add(d).UnixNano() }
	created := at(-time.Minute)
	nginx, sh := sysflow.OID{CreateTS: created, HPID: 1000}, sysflow.OID{CreateTS: created + 1e6, HPID: 1001}
	other := sysflow.OID{CreateTS: created + 2e6, HPID: 77}
	shadow, renamed := sysflow.NewFOID("web", "/etc/shadow"), sysflow.NewFOID("web", "/b")
	v4, v6 := netip.MustParseAddr("10.0.0.5"), netip.MustParseAddr("2001:db8::1")
	return []sysflow.Record{
		&sysflow.Header{Version: 5, Exporter: "node-1", IP: "192.0.2.1"},
		&sysflow.Pod{ID: "shop", Name: "shop", Namespace: "prod", Labels: map[string]string{"app": "web"}, InternalIP: []int64{0x0500000a}, TS: at(0)},
		&sysflow.Container{
			ID: "web", Name: "web", Image: "docker.io/library/nginx:1.25", Type: sysflow.ContainerContainerd, Privileged: true, PodID: "shop",
		},
		&sysflow.Process{
			OID: nginx, TS: created, Exe: "/usr/sbin/nginx", UID: 33, UserName: "www-data", GID: 33, ContainerID: "web", Entry: true,
			CWD: "/", Env: []string{"A=b"},
		},
		&sysflow.Process{
			OID: sh, POID: &nginx, TS: created + 1e6, Exe: "/bin/sh", ExeArgs: "-c id", UID: 33, UserName: "www-data", GID: 33, ContainerID: "web", CWD: "/",
		},
		&sysflow.Process{
			OID: other, TS: created + 2e6, Exe: "/usr/sbin/nginx", UID: 33, UserName: "www-data", GID: 33, CWD: "/tmp/", Env: []string{"A=b"},
		},
		&sysflow.ProcessEvent{ProcOID: sh, TS: at(0), TID: 1001, OpFlags: sysflow.OpExec},
		&sysflow.File{State: sysflow.StateReup, OID: shadow, TS: at(10 * time.Second), Type: 'f', Path: "/etc/shadow", ContainerID: "web"},
		&sysflow.FileFlow{
			ProcOID: sh, TS: at(10 * time.Second), EndTS: at(11 * time.Second), TID: 1001, FD: 3, FileOID: shadow,
			OpFlags: sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose, OpenFlags: sysflow.OpenReadOnly,
			Counters: sysflow.Counters{NumRRecvOps: 1, NumRRecvBytes: 10},
		},
		&sysflow.File{State: sysflow.StateReup, OID: renamed, TS: at(10001 * time.Millisecond), Type: 'f', Path: "/b", ContainerID: "web"},
		&sysflow.FileEvent{
			ProcOID: sh, TS: at(10001 * time.Millisecond), TID: 1001, OpFlags: sysflow.OpRename, FileOID: shadow, NewFileOID: &renamed, Ret: -13,
		},
		&sysflow.NetworkFlow{
			ProcOID: other, TS: at(10002 * time.Millisecond), EndTS: at(10002 * time.Millisecond), TID: 77, FD: 3, Proto: sysflow.ProtoUDP,
			OpFlags: sysflow.OpConnect | sysflow.OpWriteSend, SIP: v4, SPort: 40000, DIP: v6, DPort: 4444,
			Counters: sysflow.Counters{NumWSendOps: 2, NumWSendBytes: 10},
		},
		&sysflow.NetworkEvent{
			ProcOID: other, TS: at(10003 * time.Millisecond), TID: 77, OpFlags: sysflow.OpConnect, Ret: -111,
			SIP: v4, DIP: netip.MustParseAddr("10.0.0.6"), Proto: sysflow.ProtoICMP, FD: 3,
		},
		&sysflow.K8sEvent{ComponentKind: sysflow.K8sPods, Action: sysflow.K8sComponentDeleted, TS: at(time.Minute), Message: "{}"},
	}
}

// TestParseDetails builds what records have since version 6.
func TestParseDetails(t *testing.T) {
	f, findings := Parse("f.yaml", []byte(`cases:
- name: a
  containers:
    c: {type: custom, runtime: podman, digest: "sha256:1", labels: {app: web}, mounts: [{source: /a, destination: /b, mode: ro, rw: true, propagation: x}]}
  processes:
    login: {exe: /bin/sh, comm: sh, login_uid: 1000, login_user: alice, cap_effective: sys_admin|CAP_CHOWN, cap_permitted: all, namespaces: {pid: 7}}
    child: {parent: login, exe: /usr/bin/a-very-long-name-indeed, container: c, argv0: x, exe_flags: UPPER_LAYER|memfd, exe_inode: 5, vpid: 3, vpgid: 4, pgid: 6, real_uid: 8}
    plain: {parent: child}
  records:
  - {op: PTRACE, process: child, args: ["request=PTRACE_ATTACH", "pid=1"]}
  - {op: CHMOD, process: child, file: /x, args: mode=0755, origin: io_uring}
  - {op: OPEN, process: child, file: /x, ret: -2, args: [name=../x]}
  - {op: SOCKET, process: child, ret: 4, fd: 4, args: [domain=AF_PACKET]}
  - {op: LISTEN, process: child, net: "10.0.0.5:80/tcp"}
  - {op: CONNECT, process: child, net: "10.0.0.5:80 -> 10.0.0.6:81", ret: -111}
  - {op: DUP, process: child, net: "10.0.0.5:80 -> 10.0.0.6:81", ret: 1}
  - {op: BIND, process: child, file: /run/x.sock}
  - {op: CONNECT, process: child, file: /run/y.sock, ret: -2}
  - {op: CONNECT, process: child, file: /run/x.sock}
`))
	require.Empty(t, findings)
	records := f.Cases[0].Records
	assert.Equal(t, &sysflow.Container{
		ID: "c", Name: "c", Type: sysflow.ContainerCustom, Runtime: "podman", ImageDigest: "sha256:1", Labels: map[string]string{"app": "web"},
		Mounts: []sysflow.Mount{{Source: "/a", Destination: "/b", Mode: "ro", RW: true, Propagation: "x"}},
	}, records[1])
	assert.Equal(t, &sysflow.ProcessDetails{
		Comm: "sh", Argv0: "/bin/sh", CapEffective: 1<<21 | 1, CapPermitted: 1<<41 - 1, LoginUID: 1000, LoginUser: "alice", SID: 1000, PGID: 1000, VPID: 1000, VPGID: 1000,
		VSID: 1000, Namespaces: sysflow.Namespaces{PID: 7},
	}, records[2].(*sysflow.Process).Details)
	assert.Equal(t, &sysflow.ProcessDetails{
		Comm: "a-very-long-nam", Argv0: "x", ExeFlags: sysflow.ExeUpperLayer | sysflow.ExeMemfd, ExeIno: 5, CapEffective: 1<<21 | 1, CapPermitted: 1<<41 - 1,
		LoginUID: 1000, LoginUser: "alice", RealUID: 8, SID: 1000, PGID: 6, VPID: 3, VSID: 1000, VPGID: 4, Namespaces: sysflow.Namespaces{PID: 7},
	}, records[3].(*sysflow.Process).Details)
	assert.Nil(t, records[4].(*sysflow.Process).Details)
	var kinds []string
	for _, r := range records[5:] {
		kinds = append(kinds, r.Kind().String())
	}
	assert.Equal(t, []string{"PE", "F", "FE", "FE", "NE", "NE", "NE", "NE", "F", "FE", "F", "FE", "FF"}, kinds)
	assert.Equal(t, sysflow.FileUnix, records[13].(*sysflow.File).Type)
	assert.Equal(t, []string{"mode=0755"}, records[7].(*sysflow.FileEvent).Args)
	assert.Equal(t, sysflow.OriginIOUring, records[7].(*sysflow.FileEvent).Origin)
	assert.Equal(t, int32(4), records[9].(*sysflow.NetworkEvent).FD)
	assert.False(t, records[9].(*sysflow.NetworkEvent).SIP.IsValid())
	assert.Equal(t, int32(80), records[10].(*sysflow.NetworkEvent).SPort)
	assert.False(t, records[10].(*sysflow.NetworkEvent).DIP.IsValid())
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("policies: [a]\ncases:\n- {name: a, trace: t.sf, alerts: {R: 2}}\n"))
	f.Add([]byte("cases:\n- name: a\n  containers: {c: {type: crio}}\n  processes: {p: &p {exe: /a, container: c}, q: {<<: *p, parent: p}}\n  records:\n  - {op: EXEC, process: p}\n  - {op: CONNECT, process: q, net: '1.2.3.4:5 -> [::1]:6/udp', at: 1h}\n  alerts: [R]\n"))
	f.Add([]byte("cases: [&a {<<: [*a, *a], name: a, records: [{op: RENAME, process: p, file: /a, new_file: /b}]}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, findings := Parse("f.yaml", text)
		if (file == nil) != findings.HasErrors() {
			t.Fatalf("a file exactly if there are no errors: %v, %v", file, findings)
		}
		if file != nil {
			for _, c := range file.Cases {
				if c.Trace != "" {
					continue // of whatever is on this machine
				}
				if err := c.each(func(n int, r *field.Record) { _ = c.describe(n, r) }); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, d := range findings {
			if d.Message == "" || d.Pos.File == "" {
				t.Errorf("a finding says what and where: %+v", d)
			}
		}
	})
}
