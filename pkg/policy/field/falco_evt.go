package field

import (
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	noteTime  = "in UTC, where Falco takes the local time"
	noteFlows = "a flow stands for calls that succeeded, opens and connects that failed are events (a live capture records opens that failed for other reasons than permissions with `capture::events::failed_opens`); how one of many reads ended is not recorded"
)

// EventType is the field with the names of system calls.
const EventType = "evt.type"

// falcoEvt are the fields that Falco knows of every event
// (falcosecurity/libs, userspace/libsinsp/sinsp_filtercheck_gen_event.cpp and ..._event.cpp).
func falcoEvt() []*Def {
	shape, record := group{Falco, ScopeShape}, group{Falco, ScopeRecord}
	return []*Def{
		record.number("evt.num", "number of the event", func(r *Record) (int64, bool) { return max(r.TS, 1), true }).
			note("the time of the record in ns stands in for Falco's counter; it grows, and it is never 0"),
		record.time("evt.time", "time of day with nanoseconds", "15:04:05.000000000").note(noteTime),
		record.time("evt.time.s", "time of day", time.TimeOnly).note(noteTime),
		record.time("evt.time.iso8601", "time in ISO 8601 format", "2006-01-02T15:04:05.000000000-0700"),
		record.time("evt.datetime", "date and time with nanoseconds", "2006-01-02 15:04:05.000000000").note(noteTime),
		record.time("evt.datetime.s", "date and time", time.DateTime).note(noteTime),
		record.time("evt.outputtime", "time of day with nanoseconds", "15:04:05.000000000").note(noteTime),
		record.number("evt.rawtime", "time in ns since the epoch", func(r *Record) (int64, bool) { return r.TS, true }),
		record.number("evt.rawtime.s", "time in s since the epoch", func(r *Record) (int64, bool) { return r.TS / int64(time.Second), true }),
		record.number("evt.rawtime.ns", "nanoseconds of the time", func(r *Record) (int64, bool) { return r.TS % int64(time.Second), true }),
		shape.text("evt.source", "source of the event", func(*Record) string { return "syscall" }).closed("syscall"),
		shape.truth("evt.is_async", "whether the event is asynchronous", func(*Record) (is, known bool) { return false, true }),
		record.text("evt.hostname", "name of the host", func(r *Record) string { return r.node().Name }),
		shape.text("evt.dir", "direction (the end of a call)", func(*Record) string { return "<" }).closed("<"),
		shape.textsByKind(EventType, "every system call that the record may stand for", eventTexts).
			note("a record says what was done, not by which of several calls: OPEN is open, openat, openat2, creat and open_by_handle_at").shows(isFirstEvent),
		shape.textsByKind("syscall.type", "as evt.type", eventTexts).note("see evt.type").shows(isFirstEvent),
		shape.text("evt.category", "category of the event", category).closed("file", "net", "process"),
		shape.text("evt.res", "SUCCESS, or the name of the error", resultText).about(noteFlows),
		record.number("evt.rawres", "result of the call as a number", result).about(noteFlows + "; 0 or the descriptor"),
		shape.truth("evt.failed", "whether the call failed", func(r *Record) (is, known bool) { return r.failure() != 0, r.hasResult() }).about(noteFlows),
		shape.number("evt.count", "always 1", func(*Record) (int64, bool) { return 1, true }),
		shape.number("evt.count.exit", "always 1", func(*Record) (int64, bool) { return 1, true }),
		shape.number("evt.count.error", "1 if the call failed, otherwise 0", func(r *Record) (int64, bool) {
			if r.failure() != 0 {
				return 1, true
			}
			return 0, r.hasResult()
		}).about(noteFlows),
		shape.truth("evt.is_io", "whether something was read or written", did(sysflow.OpReadRecv|sysflow.OpWriteSend)),
		shape.truth("evt.is_io_read", "whether something was read or received", did(sysflow.OpReadRecv)),
		shape.truth("evt.is_io_write", "whether something was written or sent", did(sysflow.OpWriteSend)),
		shape.texts("evt.io_dir", "directions in which data moved", directions).closed("read", "write"),
		record.truth("evt.is_syslog", "whether it wrote to /dev/log", func(r *Record) (is, known bool) {
			return r.Ops&sysflow.OpWriteSend != 0 && plainPath(r.File.Path) == "/dev/log", true
		}),
		shape.truth("evt.is_open_read", "whether a file was opened for reading, or that was tried", opened(func(f sysflow.OpenFlags) bool { return f.CanRead() })),
		shape.truth("evt.is_open_write", "whether a file was opened for writing, or that was tried", opened(func(f sysflow.OpenFlags) bool { return f.CanWrite() })),
		shape.truth("evt.is_open_create", "whether an open created a file", opened(func(f sysflow.OpenFlags) bool {
			return f&(sysflow.OpenCreate|sysflow.OpenTmpfile|sysflow.OpenCreated) != 0
		})).about("true for every open with O_CREAT, also if the file existed or the open failed"),
		record.truth("evt.is_open_exec", "whether an open created a file with a permission to execute", func(r *Record) (is, known bool) {
			return r.triesOpen() && createsExecutable(r), true
		}).about("such an open is an event besides its flow"),
		record.text("evt.abspath", "the path of the call, absolute", func(r *Record) string {
			if r.Ops&sysflow.OpSymlink != 0 && r.Kind == sysflow.KindFileEvent {
				return r.NewFile.Path
			}
			return r.pathOfName()
		}),
		record.text("evt.abspath.src", "the first path of the call, absolute", (*Record).pathOfName),
		record.text("evt.abspath.dst", "the second path of the call, absolute", func(r *Record) string { return r.NewFile.Path }),
	}
}

// time is a text made from the time of a record.
func (g group) time(name, desc, layout string) *Def {
	return g.built(name, desc, func(b []byte, r *Record) []byte {
		return time.Unix(0, r.TS).UTC().AppendFormat(b, layout)
	})
}

func category(r *Record) string {
	switch r.Kind {
	case sysflow.KindProcessEvent, sysflow.KindProcessFlow:
		return "process"
	case sysflow.KindFileFlow, sysflow.KindFileEvent:
		return "file"
	case sysflow.KindNetworkFlow, sysflow.KindNetworkEvent:
		return "net"
	}
	return ""
}

func did(ops sysflow.OpFlags) func(*Record) (is, known bool) {
	return func(r *Record) (is, known bool) { return r.Ops&ops != 0, true }
}

func directions(to []string, r *Record) []string {
	if r.Ops&sysflow.OpReadRecv != 0 {
		to = append(to, "read")
	}
	if r.Ops&sysflow.OpWriteSend != 0 {
		to = append(to, "write")
	}
	return to
}

// opened asks the flags of an open; other events opened nothing.
func opened(ask func(sysflow.OpenFlags) bool) func(*Record) (is, known bool) {
	return func(r *Record) (is, known bool) { return (r.opens() || r.triesOpen()) && ask(r.OpenFlags), true }
}

// opens reports whether a flow began with an open.
func (r *Record) opens() bool {
	return r.Kind == sysflow.KindFileFlow && r.Ops&sysflow.OpOpen != 0
}

// triesOpen reports whether an event is an open: those that fail make no flow.
func (r *Record) triesOpen() bool {
	return r.Kind == sysflow.KindFileEvent && r.Ops&sysflow.OpOpen != 0
}

// createsExecutable reports whether an open is to make a file that may be executed.
func createsExecutable(r *Record) bool {
	value, _ := r.arg("mode")
	mode, ok := octal(value)
	return ok && mode&0o111 != 0 && r.OpenFlags&(sysflow.OpenCreate|sysflow.OpenTmpfile) != 0
}

// pathOfName is the path of an open and of operations on names.
func (r *Record) pathOfName() string {
	if r.opens() || r.Kind == sysflow.KindFileEvent {
		return r.File.Path
	}
	return ""
}

// hasResult reports whether Falco's events that the record stands for have one; the end of
// a process has none, its Ret is a wait status.
func (r *Record) hasResult() bool {
	return r.Kind != sysflow.KindK8sEvent && (r.Kind != sysflow.KindProcessEvent || r.Ops&sysflow.OpExit == 0)
}

// failure is the negative errno of what failed.
func (r *Record) failure() int32 {
	if !r.HasRet || !r.hasResult() {
		return 0
	}
	return min(r.Ret, 0)
}

func result(r *Record) (int64, bool) {
	switch {
	case !r.hasResult():
		return 0, false
	case r.HasRet:
		return int64(r.Ret), true
	case r.Ops&(sysflow.OpOpen|sysflow.OpAccept) != 0 && r.FD >= 0:
		return int64(r.FD), true
	}
	return 0, true
}

func resultText(r *Record) string {
	switch failure := r.failure(); {
	case failure != 0:
		return errnoName(-failure)
	case r.hasResult():
		return "SUCCESS"
	}
	return ""
}
