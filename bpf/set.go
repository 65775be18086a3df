//go:build linux && (amd64 || arm64)

package bpf

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/features"
	"github.com/cilium/ebpf/rlimit"
)

// Set is the programs that suit a kernel.
type Set struct {
	Spec *ebpf.CollectionSpec
	// Legacy says that they are those for kernels before 5.17.
	Legacy bool
	// Left are the programs whose hook this kernel lacks, as "program (hook)", and io_uring.
	Left []string
}

// arguments is how many arguments of its tracepoint a program reads, where kernels differ in
// that. A program whose tracepoint has less is left out.
var arguments = map[string]int{
	CaptureProgProcessExit: 2, // since 6.16
}

// instead names the program that stands in for one that cannot run.
var instead = map[string]string{
	CaptureProgProcessExit: CaptureProgProcessExitOld,
}

// Load picks the programs for the running kernel: the newest set that it can load, without those
// whose tracepoint or iterator does not exist.
func Load() (*Set, error) {
	if err := rlimit.RemoveMemlock(); err != nil {
		return nil, fmt.Errorf("lifting the limit of locked memory, which before Linux 5.11 takes CAP_SYS_RESOURCE: %w", err)
	}
	s := new(Set)
	load := LoadCapture
	if errors.Is(features.HaveProgramHelper(ebpf.RawTracepoint, asm.FnLoop), ebpf.ErrNotSupported) {
		s.Legacy, load = true, loadLegacy
	}
	var err error
	if s.Spec, err = load(); err != nil {
		return nil, fmt.Errorf("reading the programs: %w", err)
	}
	kernel, err := btf.LoadKernelSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the kernel's type information: %w", err)
	}
	s.fitIOUring(uringHooks(kernel))
	if err := s.fit(func(p *ebpf.ProgramSpec) (int, error) { return countArguments(kernel, p) }); err != nil {
		return nil, err
	}
	return s, nil
}

// errNoHook is what a counter of arguments returns for a hook that does not exist.
var errNoHook = errors.New("the kernel has no such hook")

// fit leaves out what the kernel has no hook for; count tells how many arguments a program's hook has.
func (s *Set) fit(count func(*ebpf.ProgramSpec) (int, error)) error {
	for _, name := range slices.Sorted(maps.Keys(s.Spec.Programs)) {
		p := s.Spec.Programs[name]
		n, err := count(p)
		if err != nil && !errors.Is(err, errNoHook) {
			return fmt.Errorf("finding the hook %s of %s: %w", hook(p), name, err)
		}
		if err == nil && n >= arguments[name] {
			continue
		}
		delete(s.Spec.Programs, name)
		if instead[name] == "" {
			s.Left = append(s.Left, name+" ("+hook(p)+")")
		}
	}
	for name, substitute := range instead {
		if s.Spec.Programs[name] != nil {
			delete(s.Spec.Programs, substitute)
		}
	}
	return nil
}

// countArguments tells how many arguments the hook of a program has, as far as it is a tracepoint.
func countArguments(kernel *btf.Spec, p *ebpf.ProgramSpec) (int, error) {
	switch p.AttachType {
	case ebpf.AttachTraceRawTp:
		proto, err := tracepoint(kernel, p.AttachTo)
		if err != nil {
			return 0, err
		}
		return len(proto.Params) - 1, nil // the first is the tracepoint's own data
	case ebpf.AttachTraceIter:
		var iterator *btf.Func
		return 0, find(kernel, "bpf_iter_"+p.AttachTo, &iterator)
	}
	return 0, nil
}

// tracepoint returns the prototype of a tracepoint, errNoHook if the kernel has none of that name. The
// first parameter is the tracepoint's own data.
func tracepoint(kernel *btf.Spec, name string) (*btf.FuncProto, error) {
	var hook *btf.Typedef
	if err := find(kernel, "btf_trace_"+name, &hook); err != nil {
		return nil, err
	}
	if p, ok := hook.Type.(*btf.Pointer); ok {
		if proto, ok := p.Target.(*btf.FuncProto); ok {
			return proto, nil
		}
	}
	return nil, fmt.Errorf("its type is %v", hook.Type)
}

// find looks a type up by its name.
func find(kernel *btf.Spec, name string, typ any) error {
	err := kernel.TypeByName(name, typ)
	if errors.Is(err, btf.ErrNotFound) {
		return errNoHook
	}
	return err
}

// hook names what a program attaches to, "" when it is only run by hand.
func hook(p *ebpf.ProgramSpec) string {
	if p.AttachType == ebpf.AttachTraceIter {
		return "iter/" + p.AttachTo
	}
	return p.AttachTo
}

// Hooks lists what the programs attach to, sorted.
func (s *Set) Hooks() []string {
	hooks := make(map[string]bool)
	for _, p := range s.Spec.Programs {
		if name := hook(p); name != "" {
			hooks[name] = true
		}
	}
	return slices.Sorted(maps.Keys(hooks))
}

// Name returns "current", or "legacy" for the programs for kernels before 5.17.
func (s *Set) Name() string {
	if s.Legacy {
		return "legacy"
	}
	return "current"
}

// String describes the set in a line.
func (s *Set) String() string {
	text := s.Name() + " programs on " + strings.Join(s.Hooks(), ", ")
	if len(s.Left) > 0 {
		text += "; this kernel has nothing for " + strings.Join(s.Left, ", ")
	}
	return text
}
