package naive

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func parse(t *testing.T, condition string) syntax.Node {
	t.Helper()
	n, err := syntax.ParseCondition(condition, func(int) diag.Position { return diag.Position{} })
	if err != nil {
		require.NoError(t, err, condition)
	}
	return n
}

// scene returns a write of a file by bash below sshd, a connection by the same process, and
// a record without process.
func scene() (file, net, bare *field.Record) {
	node := &field.Node{Name: "host"}
	sshd := &field.Process{Node: node}
	sshd.OID, sshd.Exe, sshd.UserName = sysflow.OID{HPID: 10, CreateTS: 5}, "/usr/sbin/sshd", "root"
	bash := &field.Process{Node: node, Parent: sshd}
	bash.OID, bash.POID = sysflow.OID{HPID: 20, CreateTS: 6}, &sshd.OID
	bash.Exe, bash.ExeArgs, bash.UID, bash.UserName = "/bin/bash", "-c ls,id -l", 1000, "Alice"
	bash.Env = []string{"HOME=/root", "A=1"}
	file = &field.Record{Kind: sysflow.KindFileFlow, Ops: sysflow.OpOpen | sysflow.OpWriteSend, FD: 3, Process: bash, Node: node}
	file.File = field.File{Path: "/etc/ssh/sshd_config", Type: sysflow.FileRegular}
	file.OpenFlags = sysflow.OpenWriteOnly
	net = &field.Record{Kind: sysflow.KindNetworkFlow, Ops: sysflow.OpConnect | sysflow.OpWriteSend, FD: 4, Process: bash, Node: node, Proto: sysflow.ProtoTCP}
	net.SIP, net.SPort = netip.MustParseAddr("10.0.0.5"), 40000
	net.DIP, net.DPort = netip.MustParseAddr("203.0.113.7"), 443
	bare = &field.Record{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExec, FD: -1, Node: node, HasRet: true}
	return file, net, bare
}

func TestEval(t *testing.T) {
	file, net, bare := scene()
	for _, c := range []struct {
		condition       string
		file, net, bare bool
	}{
		// Falco: what is missing makes every check false.
		{`proc.name = bash`, true, true, false},
		{`proc.name != bash`, false, false, false},
		{`not proc.name = bash`, false, false, true},
		{`proc.name exists`, true, true, false},
		{`fd.sport exists`, false, true, false},
		{`fd.sport != 443`, false, false, false},
		{`fd.sport != 1`, false, true, false},
		{`not fd.sport = 443`, true, false, true},
		{`evt.buffer exists or evt.buffer contains x or evt.buffer != x`, false, false, false},
		// Several values: one must fit, != is the negation.
		{`evt.type = openat`, true, false, false},
		{`evt.type in (connect, execve)`, false, true, true},
		{`evt.type != openat`, false, true, true},
		{`proc.aname = sshd`, true, true, false},
		{`proc.aname = bash`, false, false, false},
		{`proc.aname != bash`, true, true, false},
		{`proc.aname[1] = sshd`, true, true, false},
		{`proc.aname[0] = bash`, true, true, false},
		{`proc.aname[7] != x`, false, false, false},
		{`fd.ip = 10.0.0.5`, false, true, false},
		{`fd.ip != 10.0.0.5`, false, false, false},
		{`fd.ip != 10.0.0.6`, false, true, false},
		{`fd.sip = 203.0.113.7`, false, true, false},
		{`fd.snet in ("203.0.113.0/24")`, false, true, false},
		{`fd.cnet = "203.0.113.0/24"`, false, false, false},
		{`fd.port in (443, 80)`, false, true, false},
		// Texts.
		{`fd.name startswith /etc/ssh`, true, false, false},
		{`fd.name endswith _config`, true, false, false},
		{`fd.name contains SSH`, false, false, false},
		{`fd.name icontains SSH`, true, false, false},
		{`fd.name glob /etc/*_c?nfig`, true, false, false},
		{`fd.name glob /etc/*_c`, false, false, false},
		{`fd.name glob "/etc/[r-t]*"`, true, false, false},
		{`fd.name glob "/etc/[!s]*"`, false, false, false},
		{`fd.name iglob /ETC/*`, true, false, false},
		{`fd.name regex ssh`, false, false, false},
		{`fd.name regex ".*ssh.*|x"`, true, false, false},
		{`fd.name pmatch (/etc/ssh)`, true, false, false},
		{`fd.name pmatch (/etc/ss)`, false, false, false},
		{`fd.name pmatch (/usr, /etc/ssh/)`, true, false, false},
		{`fd.name pmatch (/etc/ssh/sshd_config/x)`, false, false, false},
		{`fd.name pmatch (/e*/s?h)`, true, false, false},
		// Modifiers.
		{`proc.name = oneof (bash, sh)`, true, true, false},
		{`proc.name startswith oneof (ba, bas)`, false, false, false},
		{`proc.name startswith allof (ba, bas)`, true, true, false},
		{`proc.name startswith anyof (x, bas)`, true, true, false},
		{`proc.name != allof (zsh, sh)`, true, true, false},
		{`proc.name != allof (bash, sh)`, false, false, false},
		{`proc.name != anyof (bash, sh)`, true, true, false},
		// Transformers.
		{`tolower(user.name) = alice`, true, true, false},
		{`toupper(user.name) != ALICE`, false, false, false},
		{`basename(fd.name) = sshd_config`, true, false, false},
		{`len(proc.name) = 4`, true, true, false},
		{`len(proc.name) > 4`, false, false, false},
		{`proc.name = val(proc.name)`, true, true, false},
		{`proc.name = val(proc.pname)`, false, false, false},
		{`proc.name != val(fd.l4proto)`, false, true, false},
		{`concat(proc.name, "-", proc.pname) = bash-sshd`, true, true, false},
		{`join(":", (proc.name, fd.l4proto)) = bash:tcp`, false, true, false},
		// SysFlow: what is missing is an empty text, or a number of which only != holds.
		{`sf.proc.name = bash`, true, true, false},
		{`sf.proc.name != bash`, false, false, true},
		{`sf.proc.name = ""`, false, false, true},
		{`sf.proc.name exists`, true, true, false},
		{`sf.net.dport = 443`, false, true, false},
		{`sf.net.dport != 443`, true, false, true},
		{`sf.net.dport > 0`, false, true, false},
		{`sf.net.dport in (80, 443)`, false, true, false},
		{`sf.net.dport startswith 4`, false, true, false},
		{`sf.ret exists`, false, false, false},
		{`sf.proc.tty exists`, false, false, false},
		{`sf.proc.tty = false`, true, true, false},
		{`sf.proc.tty != true`, true, true, true},
		{`sf.opflags = WRITE`, true, false, false},
		{`sf.opflags = SEND`, false, true, false},
		{`sf.opflags = WRITE_SEND`, true, true, false},
		{`sf.opflags != WRITE`, false, true, true},
		{`sf.opflags = [READ, OPEN]`, true, false, false},
		{`sf.opflags != [READ, OPEN]`, true, true, true},
		{`sf.opflags != [OPEN]`, false, true, true},
		{`sf.opflags in (CONNECT, ACCEPT)`, false, true, false},
		{`sf.proc.aname = bash`, true, true, false},
		{`sf.proc.aname in (sshd)`, true, true, false},
		{`sf.proc.args contains "ls,id"`, true, true, false},
		{`sf.file.path pmatch (c/ss, x)`, true, false, false},
		{`sf.file.path pmatch (/ssh/etc)`, false, false, false},
		{`sf.proc.exe = sf.pproc.exe`, false, false, true},
		{`sf.proc.exe = "sf.pproc.exe"`, false, false, false},
		{`sf.proc.aexe = sf.pproc.exe`, true, true, false},
		{`sf.proc.aexe != sf.pproc.exe`, false, false, true},
		{`len(sf.proc.aname) = 2`, true, true, false},
		{`len(sf.proc.name) = 0`, false, false, true},
		{`concat(sf.proc.name, "-", sf.net.proto) = "bash-6"`, false, true, false},
		{`concat(sf.proc.user, "-") = "-"`, false, false, true},
		{`b64(sf.proc.exe) = ""`, true, true, true},
		{`b64(proc.exe) = ""`, false, false, false},
		{`b64(sf.proc.exe) != "x"`, true, true, true},
		{`concat(sf.proc.user, user.name) = ""`, false, false, false},
		{`concat(sf.proc.user, user.name) != "x"`, true, true, true},
		{`sf.proc.uid = sf.proc.uid`, true, true, false},
		{`sf.proc.uid != sf.proc.uid`, false, false, true},
		{`sf.net.ip = 203.0.113.0/24`, false, true, false},
		{`sf.net.ip startswith 203.`, false, true, false},
		{`sf.net.sip != 10.0.0.5`, true, false, true},
		{`sf.net.proto = tcp and sf.net.proto = 6`, false, true, false},
		{`sf.proc.env[HOME] = /root`, true, true, false},
		// Both in one.
		{`proc.name = bash and (sf.type = FF or fd.sport = 1)`, true, false, false},
	} {
		t.Run(c.condition, func(t *testing.T) {
			n := parse(t, c.condition)
			for _, r := range []struct {
				name string
				r    *field.Record
				want bool
			}{{"file", file, c.file}, {"net", net, c.net}, {"bare", bare, c.bare}} {
				got, err := Eval(n, r.r)
				require.NoError(t, err)
				assert.Equal(t, r.want, got, r.name)
			}
		})
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"**", "a/b", true},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-c", false},
		{"?", "", false},
		{"[a-c]x", "bx", true},
		{"[^a-c]x", "bx", false},
		{"[]]", "]", true},
		{"[!]]", "a", true},
		{"[a-]", "-", true},
		{"[a", "[a", true},
		{`\*`, "*", true},
		{`\*`, "a", false},
		{`a\`, `a\`, true},
		{"[a]", "", false},
	} {
		assert.Equal(t, c.want, glob(c.pattern, c.s), "%q %q", c.pattern, c.s)
	}
}

func TestGetopt(t *testing.T) {
	for _, c := range []struct {
		args  []string
		known string
		want  []string
	}{
		{[]string{"-n", "-t", "x", "y"}, "nt:", []string{"n", "t", "x"}},
		{[]string{"-ntx"}, "nt:", []string{"n", "t", "x"}},
		{[]string{"--long", "-n", "--", "-n"}, "n", []string{"n"}},
		{[]string{"file", "-n"}, "n", nil},
		{[]string{"-q", "-t"}, "t:", []string{"?", ""}},
		{[]string{"-"}, "n", nil},
	} {
		var got []string
		for _, o := range options(c.args, c.known) {
			for _, i := range o.texts() {
				got = append(got, i.text)
			}
		}
		assert.Equal(t, c.want, got, c.args)
	}
}

func TestErrors(t *testing.T) {
	file, _, _ := scene()
	for _, condition := range []string{
		"no.such.field = x", "a_macro", "proc.pid = x", "proc.name bcontains xy", "fd.is_server = maybe or proc.pid startswith 1",
		"proc.pid = val(proc.name)", "proc.name regex \"(\"",
	} {
		_, err := Eval(parse(t, condition), file)
		assert.Error(t, err, condition)
	}
}
