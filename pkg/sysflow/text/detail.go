package text

import (
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// fillEvent writes the parts that depend on the kind.
func (f *LineFormatter) fillEvent(o *plogs.Observation) {
	switch e := o.Event.(type) {
	case *sysflow.ProcessEvent:
		f.begin(e.TS, e.OpFlags)
		f.processEvent(e, o.Process)
	case *sysflow.FileEvent:
		f.begin(e.TS, e.OpFlags)
		f.paths(o)
		f.args(e.Args)
		f.result(e.Ret)
	case *sysflow.NetworkEvent:
		f.begin(e.TS, e.OpFlags)
		f.networkEvent(e)
		f.result(e.Ret)
	case *sysflow.FileFlow:
		f.begin(e.TS, e.OpFlags)
		f.paths(o)
		f.counters(&e.Counters)
		f.duration(e.TS, e.EndTS)
	case *sysflow.NetworkFlow:
		f.begin(e.TS, e.OpFlags)
		f.connection(e.Proto, e.SIP, e.SPort, e.DIP, e.DPort)
		f.counters(&e.Counters)
		f.duration(e.TS, e.EndTS)
	case *sysflow.ProcessFlow:
		f.begin(e.TS, e.OpFlags)
		f.number("threads started ", e.NumThreadsCloned)
		f.number("ended ", e.NumThreadsExited)
		f.number("failed ", e.NumCloneErrors)
		f.duration(e.TS, e.EndTS)
	case *sysflow.K8sEvent:
		f.setClock(e.TS)
		f.resource = append(append(f.resource, e.ComponentKind.String()...), ' ')
		f.resource = append(append(f.resource, e.Action.String()...), ' ')
		f.resource = AppendPrintable(f.resource, e.Message)
	case *sysflow.Gap:
		f.gap(e)
	}
}

// gap writes from when until when how many things of what kind went missing.
func (f *LineFormatter) gap(e *sysflow.Gap) {
	const seconds = len("15:04:05")
	f.setClock(e.EndTS)
	until := [seconds]byte(f.clock)
	f.setClock(e.TS)
	f.resource = append(append(f.resource, f.clock[:seconds]...), '-')
	f.resource = append(append(f.resource, until[:]...), ' ')
	f.resource = append(AppendPrintable(f.resource, e.Cause), ' ')
	f.resource = strconv.AppendInt(f.resource, e.Count, 10)
}

func (f *LineFormatter) begin(ts int64, ops sysflow.OpFlags) {
	f.setClock(ts)
	f.ops = AppendOps(f.ops, ops)
}

func (f *LineFormatter) processEvent(e *sysflow.ProcessEvent, p *sysflow.Process) {
	switch {
	case e.OpFlags&sysflow.OpExit != 0:
		f.waitStatus(e.Ret)
		return
	case e.OpFlags&sysflow.OpClone != 0 && e.Ret > 0:
		f.number("child ", int64(e.Ret))
		return
	case e.OpFlags&sysflow.OpExec != 0 && p != nil:
		f.resource = AppendPrintable(f.resource, p.Exe)
		if p.ExeArgs != "" {
			f.resource = AppendPrintable(append(f.resource, ' '), p.ExeArgs)
		}
	default:
		f.args(e.Args)
	}
	f.result(e.Ret)
}

// networkEvent writes the ends of the socket that it has by then, and the arguments.
func (f *LineFormatter) networkEvent(e *sysflow.NetworkEvent) {
	switch {
	case e.OpFlags&sysflow.OpSocket != 0:
		if e.Proto != sysflow.ProtoUnknown {
			f.resource = appendProto(f.resource, e.Proto)
		}
	case e.OpFlags&(sysflow.OpBind|sysflow.OpListen) != 0:
		f.resource = append(appendProto(f.resource, e.Proto), ' ')
		f.resource = AppendEndpoint(f.resource, e.SIP, e.SPort)
	default:
		f.connection(e.Proto, e.SIP, e.SPort, e.DIP, e.DPort)
	}
	f.args(e.Args)
	if e.OpFlags&sysflow.OpDup != 0 && e.FD != sysflow.UnknownFD {
		f.word("fd ")
		f.detail = strconv.AppendInt(f.detail, int64(e.FD), 10)
	}
}

// args writes the arguments of an operation.
func (f *LineFormatter) args(args []string) {
	for _, arg := range args {
		if len(f.resource) > 0 {
			f.resource = append(f.resource, ' ')
		}
		f.resource = AppendPrintable(f.resource, arg)
	}
}

func (f *LineFormatter) paths(o *plogs.Observation) {
	if o.File != nil {
		f.resource = AppendPrintable(f.resource, o.File.Path)
	}
	if o.NewFile != nil {
		f.resource = AppendPrintable(append(f.resource, " -> "...), o.NewFile.Path)
	}
}

func (f *LineFormatter) connection(proto int32, sip netip.Addr, sport int32, dip netip.Addr, dport int32) {
	f.resource = append(appendProto(f.resource, proto), ' ')
	f.resource = AppendEndpoint(f.resource, sip, sport)
	f.resource = AppendEndpoint(append(f.resource, " -> "...), dip, dport)
}

// result writes a failure; that a call succeeded is not worth a word.
func (f *LineFormatter) result(ret int32) {
	if ret >= 0 {
		return
	}
	f.bad = true
	f.word("failed: ")
	f.detail = append(f.detail, syscall.Errno(-int64(ret)).Error()...)
}

// waitStatus writes how a process ended, from the status that wait reports.
func (f *LineFormatter) waitStatus(status int32) {
	const coreDumped = 0x80
	signal, code := status&0x7f, status>>8&0xff
	if signal == 0 {
		f.bad = code != 0
		f.word("status ")
		f.detail = strconv.AppendInt(f.detail, int64(code), 10)
		return
	}
	f.bad = true
	f.word("killed by signal ")
	f.detail = strconv.AppendInt(f.detail, int64(signal), 10)
	if status&coreDumped != 0 {
		f.detail = append(f.detail, " (core dumped)"...)
	}
}

// counters writes "r operations/bytes" and "w operations/bytes".
func (f *LineFormatter) counters(c *sysflow.Counters) {
	for _, x := range [...]struct {
		name       string
		ops, bytes int64
	}{{"r ", c.NumRRecvOps, c.NumRRecvBytes}, {"w ", c.NumWSendOps, c.NumWSendBytes}} {
		if x.ops == 0 && x.bytes == 0 {
			continue
		}
		f.word(x.name)
		f.detail = append(strconv.AppendInt(f.detail, x.ops, 10), '/')
		f.detail = append(strconv.AppendInt(f.detail, x.bytes, 10), 'B')
	}
}

func (f *LineFormatter) number(name string, n int64) {
	if n != 0 {
		f.word(name)
		f.detail = strconv.AppendInt(f.detail, n, 10)
	}
}

// duration writes how long a flow was, to three digits or so.
func (f *LineFormatter) duration(begin, end int64) {
	d := time.Duration(end - begin)
	if d < time.Microsecond {
		return
	}
	unit := time.Microsecond
	for _, u := range [...]time.Duration{time.Millisecond, time.Second} {
		if d >= 100*u {
			unit = u
		}
	}
	f.word("")
	f.detail = append(f.detail, d.Round(unit).String()...)
}

// word starts the next word of the detail.
func (f *LineFormatter) word(w string) {
	if len(f.detail) > 0 {
		f.detail = append(f.detail, "  "...)
	}
	f.detail = append(f.detail, w...)
}
