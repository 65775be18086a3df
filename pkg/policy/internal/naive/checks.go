package naive

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

func (g *Rules) aboutNumber(s subject) string {
	number := func() string {
		i := g.literal(s)
		n := i.num
		if g.chance(20) {
			n += int64(g.rnd.IntN(3) - 1)
		}
		return strconv.FormatInt(n, 10)
	}
	list := func() string {
		defer g.withoutLists()()
		return g.list(number)
	}
	switch sysflow := s.ref.Language == field.SysFlow; {
	case g.chance(20):
		return "in " + list()
	case sysflow && !s.changed && g.chance(15):
		return g.one("= ", "!= ") + g.brackets(number)
	case sysflow && g.chance(10):
		return g.one("contains ", "startswith ", "endswith ") + number()
	case sysflow && g.chance(8):
		return g.one("= ", "!= ", "< ", ">= ") + g.one("sf.proc.uid", "sf.pproc.uid", "sf.net.dport", "sf.flow.rops")
	case !sysflow && g.chance(8):
		return g.one("= ", "!= ") + g.one("anyof ", "allof ", "oneof ") + list()
	case !sysflow && g.chance(5):
		return g.one("= ", "!= ") + "val(" + g.one("proc.pid", "proc.ppid", "fd.sport", "user.uid") + ")"
	case !sysflow && g.chance(4):
		return "intersects " + list()
	}
	return g.one("=", "==", "!=", "<", "<=", ">", ">=") + " " + number()
}

// withoutLists forgets the named lists, which hold texts, until the function is called that
// it returns.
func (g *Rules) withoutLists() func() {
	lists := g.lists
	g.lists = nil
	return func() { g.lists = lists }
}

func (g *Rules) aboutAddress(s subject) string {
	sysflow, nets := s.ref.Language == field.SysFlow, strings.HasSuffix(s.ref.Name, "net")
	address := func() string {
		i := g.literal(s)
		a := i.addr
		if i.typ != field.Addr {
			a = netip.MustParseAddr(i.text)
		}
		if nets || sysflow && g.chance(30) {
			bits := []int{0, 8, 16, 24, 30, 32}[g.rnd.IntN(6)]
			if a.Is6() {
				bits *= 4
			}
			return g.quote(netip.PrefixFrom(a, bits).Masked().String())
		}
		return g.quote(a.String())
	}
	defer g.withoutLists()()
	switch {
	case g.chance(30):
		return "in " + g.list(address)
	case !sysflow && g.chance(10):
		return "intersects " + g.list(address)
	case sysflow && g.chance(15):
		return g.one("= ", "!= ") + g.brackets(address)
	case sysflow && g.chance(10):
		return g.one("contains ", "startswith ", "endswith ") + g.one("10.", "1", ":", "5")
	}
	return g.one("= ", "!= ") + address()
}

func (g *Rules) aboutText(s subject) string {
	value := func() string { return g.literal(s).text }
	sysflow := s.ref.Language == field.SysFlow
	if s.ref.Name == field.EventType || s.ref.Name == "syscall.type" {
		defer g.withoutLists()()
		return g.aboutEvent(value)
	}
	switch {
	case s.ref.List:
		return g.one("in ", "intersects ") + g.list(func() string { return g.quote(value()) })
	case g.chance(20):
		return "in " + g.list(func() string { return g.quote(value()) })
	case !sysflow && g.chance(3):
		return "intersects " + g.list(func() string { return g.quote(value()) })
	case g.chance(8):
		return "pmatch " + g.list(func() string { return g.quote(g.pathOf(value(), sysflow)) })
	case sysflow && !s.changed && g.chance(6) && len(g.lists) > 0:
		return g.one("= ", "!= ", "in ", "pmatch ") + g.one(g.lists...)
	case sysflow && g.chance(6):
		return g.one("= ", "!= ", "contains ", "startswith ") + g.one("sf.proc.name", "sf.pproc.exe", "sf.file.path", "sf.opflags", "sf.proc.aname")
	case !sysflow && g.chance(4):
		return g.one("= ", "!= ", "contains ", "startswith ") + "val(" + g.one("proc.name", "proc.pname", "fd.name", "user.name") + ")"
	}
	op := g.one("=", "=", "==", "!=", "contains", "icontains", "startswith", "endswith", "glob", "iglob", "regex", "bcontains", "bstartswith")
	if op[0] == 'b' {
		defer g.withoutLists()()
	}
	operand := func() string { return g.quote(g.pattern(op, value())) }
	switch {
	case sysflow && !s.changed && g.chance(12):
		return op + " " + g.brackets(operand)
	case !sysflow && g.chance(10):
		return op + " " + g.one("anyof ", "allof ", "oneof ") + g.list(operand)
	}
	return op + " " + operand()
}

// aboutEvent compares with names of events, which must be known ones.
func (g *Rules) aboutEvent(value func() string) string {
	event := func() string {
		if v := value(); known(v) {
			return g.quote(v)
		}
		return g.one("open", "openat", "execve", "connect", "ptrace", "chmod", "socket", "setsockopt")
	}
	switch g.rnd.IntN(4) {
	case 0:
		return g.one("in ", "intersects ") + g.list(event)
	case 1:
		return g.one("= ", "!= ") + g.one("anyof ", "allof ", "oneof ") + g.list(event)
	}
	return g.one("= ", "!= ") + event()
}

func known(event string) bool {
	_, ok := field.KnownEvent(event)
	return ok
}

// pathOf is a part of a path: of its components, or for SysFlow any.
func (g *Rules) pathOf(s string, sysflow bool) string {
	if sysflow || g.chance(20) {
		return g.cut(s)
	}
	parts := strings.Split(s, "/")
	parts = parts[:1+g.rnd.IntN(len(parts))]
	if last := len(parts) - 1; parts[last] != "" && g.chance(10) {
		parts[last] = parts[last][:1] + g.one("*", "?")
	}
	return strings.Join(parts, "/") + g.one("", "", "/")
}

// cut returns a part of a text, not the empty one.
func (g *Rules) cut(s string) string {
	if s == "" {
		return "x"
	}
	from := g.rnd.IntN(len(s))
	return strings.ToValidUTF8(s[from:from+1+g.rnd.IntN(len(s)-from)], "?")
}

// pattern makes the right side of an operator from a value.
func (g *Rules) pattern(op, s string) string {
	if s == "" || g.chance(5) {
		s = g.one("x", "/etc/passwd", "sh")
	}
	at := g.rnd.IntN(len(s) + 1)
	switch op {
	case "contains":
		return g.cut(s)
	case "icontains":
		return g.swapCase(g.cut(s))
	case "startswith":
		return strings.ToValidUTF8(s[:max(at, 1)], "?")
	case "endswith":
		return strings.ToValidUTF8(s[min(at, len(s)-1):], "?")
	case "bcontains":
		return hex.EncodeToString([]byte(g.cut(s)))
	case "bstartswith":
		return hex.EncodeToString([]byte(s[:max(at, 1)]))
	case "glob", "iglob":
		return g.globOf(op, s, at)
	case "regex":
		return g.regexOf(s, at)
	}
	return s
}

func (g *Rules) globOf(op, s string, at int) string {
	s = strings.NewReplacer("*", "", "?", "", "[", "", "]", "", `\`, "").Replace(strings.ToValidUTF8(s, ""))
	at = min(at, len(s))
	before, after := strings.ToValidUTF8(s[:at], ""), strings.ToValidUTF8(s[at:], "")
	if op == "iglob" {
		before = g.swapCase(before)
	}
	if after == "" {
		return before + "*"
	}
	switch g.rnd.IntN(6) {
	case 0:
		return before + "*"
	case 1:
		return "*" + after
	case 2:
		if after[0] < 0x80 {
			return before + "?" + after[1:]
		}
	case 3:
		if c := after[0]; c < 0x80 && c != '-' && c != '^' && c != '!' {
			return fmt.Sprintf("%s[%s%c]%s", before, g.one("", "!", "a-m", "!a-m"), c, after[1:])
		}
	case 4:
		return "*" + g.cut(after) + "*"
	}
	return before + "*" + after
}

func (g *Rules) regexOf(s string, at int) string {
	s = strings.ToValidUTF8(s, "")
	at = min(at, len(s))
	for at > 0 && at < len(s) && s[at]&0xc0 == 0x80 {
		at--
	}
	before, after := regexp.QuoteMeta(s[:at]), regexp.QuoteMeta(s[at:])
	switch g.rnd.IntN(6) {
	case 0:
		return before + ".*"
	case 1:
		return ".*" + after
	case 2:
		return before + "|" + after
	case 3:
		return "(?i)" + strings.ToUpper(before) + ".*"
	case 4:
		return before + "[a-z/.]+"
	}
	return before + after
}

func (g *Rules) swapCase(s string) string {
	if g.chance(50) {
		return lower(s)
	}
	return upper(s)
}
