package trace

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Line is an event or a whole flow in words, and when it began and ended. Of an
// expected line, Begin and End are windows.
type Line struct {
	PID  int64
	Text string
	// From and Until bound the time of an expected line's start; of one that was
	// seen, both are that time.
	From, Until int64
	// EndFrom and EndUntil are the same for its end, 0 when it has none or nobody
	// can say.
	EndFrom, EndUntil int64
	// BornFrom and BornUntil are the same for the creation of the process.
	BornFrom, BornUntil int64
	// Or holds other texts that would do as well, with the reason in the place where
	// they are made.
	Or []string
	// SinceV6 tells that traces of version 5 do not have it, and V5, if it is set, is how they
	// have it instead of Text.
	SinceV6 bool
	V5      string
	// Note helps to find the line's origin.
	Note string
}

// Process is what the lines of a process' events tell of it.
type Process struct {
	Exe, Args string
	UID, GID  int32
	User      string
	Parent    int64
	Entry     bool
	// CWD is told with a new program only: it may change without a record.
	CWD string
}

func (p Process) text(op sysflow.OpFlags, ret int64) string {
	s := fmt.Sprintf("[%s %q uid=%d(%s) gid=%d parent=%d", p.Exe, p.Args, p.UID, p.User, p.GID, p.Parent)
	if p.Entry {
		s += " entry"
	}
	if op == sysflow.OpExec && ret == 0 {
		s += " cwd=" + p.CWD
	}
	return s + "]"
}

// EventText is the text of a process event.
func EventText(op sysflow.OpFlags, tid, ret int64, args []string, p Process) string {
	return fmt.Sprintf("PE %v tid=%d ret=%d", op, tid, ret) + arguments(args) + " " + p.text(op, ret)
}

// NameText is the text of a file event.
func NameText(op sysflow.OpFlags, tid int64, path, newPath string, ret int64, args []string, origin sysflow.Origin) string {
	s := fmt.Sprintf("FE %v tid=%d %q", op, tid, path)
	if newPath != "" {
		s += fmt.Sprintf(" -> %q", newPath)
	}
	return s + " ret=" + strconv.FormatInt(ret, 10) + arguments(args) + originText(origin)
}

// SocketEventText is the text of a network event.
func SocketEventText(
	op sysflow.OpFlags, tid int64, fd, proto int32, source, destination netip.AddrPort, ret int64, args []string,
	origin sysflow.Origin,
) string {
	return fmt.Sprintf("NE %v tid=%d fd=%d proto=%d %v -> %v ret=%d", op, tid, fd, proto, source, destination, ret) +
		arguments(args) + originText(origin)
}

func arguments(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return fmt.Sprintf(" args=%q", args)
}

// FileText is the text of a file flow.
func FileText(
	tid int64, fd int32, typ, path string, ops sysflow.OpFlags, open sysflow.OpenFlags, c sysflow.Counters,
	origin sysflow.Origin,
) string {
	return fmt.Sprintf("FF tid=%d fd=%d %s %q %v open=%v %s", tid, fd, typ, path, ops, open, counters(c)) + originText(origin)
}

// SocketText is the text of a network flow.
func SocketText(
	tid int64, fd, proto int32, source, destination netip.AddrPort, ops sysflow.OpFlags, c sysflow.Counters,
	origin sysflow.Origin,
) string {
	return fmt.Sprintf("NF tid=%d fd=%d proto=%d %v -> %v %v %s", tid, fd, proto, source, destination, ops, counters(c)) +
		originText(origin)
}

// ThreadsText is the text of a process flow.
func ThreadsText(ops sysflow.OpFlags, cloned, exited, failed int64) string {
	return fmt.Sprintf("PF %v cloned=%d exited=%d failed=%d", ops, cloned, exited, failed)
}

func counters(c sysflow.Counters) string {
	return fmt.Sprintf("r=%d/%d w=%d/%d", c.NumRRecvOps, c.NumRRecvBytes, c.NumWSendOps, c.NumWSendBytes)
}

// origins begins the end of a text that tells the origin; system calls go without saying.
const origins = " by "

func originText(o sysflow.Origin) string {
	if o&^sysflow.OriginSyscall == 0 {
		return ""
	}
	return origins + o.String()
}

// WithoutOrigins returns the lines as a form of records tells them that has no origins.
func WithoutOrigins(lines []Line) []Line {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Text, _, _ = strings.Cut(out[i].Text, origins)
		out[i].Or = slices.Clone(out[i].Or)
		for j := range out[i].Or {
			out[i].Or[j], _, _ = strings.Cut(out[i].Or[j], origins)
		}
	}
	return out
}
