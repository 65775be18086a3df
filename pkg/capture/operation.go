//go:build linux && (amd64 || arm64)

package capture

import (
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// operands are what a system call was given: numbers, and the path and texts that its class has.
type operands struct {
	args  [4]uint64
	path  string
	texts [2]string
}

// operation says how a class of system calls is reported.
type operation struct {
	op sysflow.OpFlags
	// args names the operands as Falco does.
	args func(*operands) []string
}

// operations are those that bpf/include/operation.h sends.
var operations = map[bpf.CaptureSyscallClass]operation{
	bpf.CaptureSyscallClassCLASS_SETGID: {sysflow.OpSetgid, func(o *operands) []string {
		return []string{"gid=" + id(o.args[0])}
	}},
	bpf.CaptureSyscallClassCLASS_SETREGID: {sysflow.OpSetgid, func(o *operands) []string {
		return []string{"rgid=" + id(o.args[0]), "egid=" + id(o.args[1])}
	}},
	bpf.CaptureSyscallClassCLASS_SETRESGID: {sysflow.OpSetgid, func(o *operands) []string {
		return []string{"rgid=" + id(o.args[0]), "egid=" + id(o.args[1]), "sgid=" + id(o.args[2])}
	}},
	bpf.CaptureSyscallClassCLASS_CAPSET: {sysflow.OpCapset, func(o *operands) []string {
		return []string{
			"cap_inheritable=" + capabilityText(o.args[2]),
			"cap_permitted=" + capabilityText(o.args[1]),
			"cap_effective=" + capabilityText(o.args[0]),
		}
	}},
	bpf.CaptureSyscallClassCLASS_UNSHARE: {sysflow.OpUnshare, func(o *operands) []string {
		return []string{"flags=" + flagText(cloneFlags, o.args[0], "|")}
	}},
	bpf.CaptureSyscallClassCLASS_PRCTL: {sysflow.OpPrctl, prctlArgs},
	bpf.CaptureSyscallClassCLASS_CHROOT: {sysflow.OpChroot, func(o *operands) []string {
		return []string{"path=" + o.path}
	}},
	bpf.CaptureSyscallClassCLASS_PTRACE:     {sysflow.OpPtrace, ptraceArgs},
	bpf.CaptureSyscallClassCLASS_KILL:       {sysflow.OpKill, killArgs},
	bpf.CaptureSyscallClassCLASS_TGKILL:     {sysflow.OpKill, killArgs},
	bpf.CaptureSyscallClassCLASS_PIDFD_KILL: {sysflow.OpKill, killArgs},
	bpf.CaptureSyscallClassCLASS_INIT_MODULE: {sysflow.OpModule, func(o *operands) []string {
		return []string{"length=" + strconv.FormatUint(o.args[1], 10), "uargs=" + o.texts[0]}
	}},
	bpf.CaptureSyscallClassCLASS_FINIT_MODULE: {sysflow.OpModule, func(o *operands) []string {
		return []string{
			"fd=" + id(o.args[0]), "path=" + o.path, "uargs=" + o.texts[0],
			"flags=" + flagText(moduleFlags, low(o.args[2]), "|"),
		}
	}},
	bpf.CaptureSyscallClassCLASS_BPF: {sysflow.OpBPF, func(o *operands) []string {
		return []string{"cmd=" + symbol(bpfCommands, low(o.args[0]))}
	}},
	bpf.CaptureSyscallClassCLASS_USERFAULTFD: {sysflow.OpUserfaultfd, func(o *operands) []string {
		return []string{"flags=" + flagText(userfaultfdFlags, low(o.args[0]), "|")}
	}},
	bpf.CaptureSyscallClassCLASS_MOUNT: {sysflow.OpMount, func(o *operands) []string {
		flags := low(o.args[0])
		if flags>>16 == mountMagic>>16 {
			flags &= 0xffff
		}
		return mountArgs(o, flagText(mountFlags, flags, "|"))
	}},
	bpf.CaptureSyscallClassCLASS_MOVE_MOUNT: {sysflow.OpMount, func(o *operands) []string {
		return mountArgs(o, flagText(moveMountFlags, low(o.args[0]), "|"))
	}},
	bpf.CaptureSyscallClassCLASS_UMOUNT: {sysflow.OpUmount, func(o *operands) []string {
		return []string{"flags=" + flagText(umountFlags, low(o.args[1]), "|"), "name=" + o.path}
	}},
	bpf.CaptureSyscallClassCLASS_PIVOT_ROOT: {sysflow.OpPivotRoot, func(o *operands) []string {
		return []string{"new_root=" + o.texts[0], "put_old=" + o.texts[1]}
	}},
	bpf.CaptureSyscallClassCLASS_MEMFD_CREATE: {sysflow.OpMemfdCreate, func(o *operands) []string {
		return []string{"name=" + o.texts[0], "flags=" + flagText(memfdFlags, low(o.args[1]), "|")}
	}},
	bpf.CaptureSyscallClassCLASS_PERSONALITY: {sysflow.OpPersonality, func(o *operands) []string {
		return []string{"persona=" + flagText(personalityFlags, low(o.args[0]), "|")}
	}},
}

func prctlArgs(o *operands) []string {
	option := low(o.args[0])
	if option == prSetName {
		return []string{"option=" + symbol(prctlOptions, option), "arg2_str=" + o.texts[0]}
	}
	return []string{"option=" + symbol(prctlOptions, option), "arg2_int=" + strconv.FormatInt(int64(o.args[1]), 10)}
}

func ptraceArgs(o *operands) []string {
	args := []string{"request=" + symbol(ptraceRequests, o.args[0])}
	if o.args[0] == 0 { // PTRACE_TRACEME: the parent is to trace
		return args
	}
	return targetArgs(args, "pid=", o.args[1], o.args[2])
}

// killArgs names the target, which may be a process group (negative), and a thread where the call
// is to one of a process.
func killArgs(o *operands) []string {
	args := targetArgs([]string{"sig=" + symbol(signals, low(o.args[1]))}, "pid=", o.args[0], o.args[2])
	if o.args[3] != 0 {
		args = append(args, "tid="+id(o.args[3]))
	}
	return args
}

// targetArgs appends the process that a call is about, as its caller sees it and, where that is
// another number and known, as the host does.
func targetArgs(args []string, name string, seen, host uint64) []string {
	args = append(args, name+id(seen))
	if low(host) != 0 && low(host) != low(seen) {
		args = append(args, "host_pid="+id(host))
	}
	return args
}

func mountArgs(o *operands, flags string) []string {
	return []string{"dev=" + o.texts[0], "dir=" + o.path, "type=" + o.texts[1], "flags=" + flags}
}

// capabilityText lists capabilities with blanks between them, as Falco does.
func capabilityText(set uint64) string {
	if set == 0 {
		return ""
	}
	return flagText(capabilities, set, " ")
}

// id shows a user, group, process or descriptor, of which the kernel looks at 32 bits.
func id(v uint64) string { return strconv.Itoa(int(int32(uint32(v)))) }

// low cuts what the kernel takes for an int.
func low(v uint64) uint64 { return v & (1<<32 - 1) }

// operation turns an event into that of a process.
func (d *decoder) operation(b []byte) error {
	r, rest, err := view[bpf.CaptureEventOperation](b)
	if err != nil {
		return err
	}
	class := bpf.CaptureSyscallClass(r.Class)
	how, ok := operations[class]
	if !ok {
		return errUnknownOperation
	}
	dir, rest, err := split(rest, int(r.DirLen))
	if err != nil {
		return err
	}
	name, rest, err := split(rest, int(r.NameLen))
	if err != nil {
		return err
	}
	text1, rest, err := split(rest, int(r.Text1Len))
	if err != nil {
		return err
	}
	text2, _, err := split(rest, int(r.Text2Len))
	if err != nil {
		return err
	}
	o := operands{args: r.Args, texts: [2]string{string(text1), string(text2)}}
	if len(dir)+len(name) > 0 {
		o.path = nameOf(dir, r.H.Flags&flagNoDir1 == 0, string(name))
	}
	d.event.Type = flow.EventProcessOp
	d.event.Op = how.op
	d.event.Args = how.args(&o)
	return nil
}
