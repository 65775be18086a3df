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
	// Left are the hooks that this kernel lacks, as "program (tracepoint)", or what needs several.
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
// whose tracepoint does not exist.
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
	if err := s.fit(func(tracepoint string) (int, error) { return countArguments(kernel, tracepoint) }); err != nil {
		return nil, err
	}
	return s, nil
}

// errNoTracepoint is what a counter of arguments returns for a tracepoint that does not exist.
var errNoTracepoint = errors.New("no such tracepoint")

// fit leaves out what the kernel has no hook for; count tells a tracepoint's number of arguments.
func (s *Set) fit(count func(tracepoint string) (int, error)) error {
	for _, name := range slices.Sorted(maps.Keys(s.Spec.Programs)) {
		p := s.Spec.Programs[name]
		if p.AttachType != ebpf.AttachTraceRawTp {
			continue
		}
		n, err := count(p.AttachTo)
		if err != nil && !errors.Is(err, errNoTracepoint) {
			return fmt.Errorf("finding the tracepoint %s: %w", p.AttachTo, err)
		}
		if err != nil || n < arguments[name] {
			delete(s.Spec.Programs, name)
			if instead[name] == "" {
				s.Left = append(s.Left, name+" ("+p.AttachTo+")")
			}
		}
	}
	for name, substitute := range instead {
		if s.Spec.Programs[name] != nil {
			delete(s.Spec.Programs, substitute)
		}
	}
	return nil
}

// countArguments tells how many arguments a tracepoint has.
func countArguments(kernel *btf.Spec, tracepoint string) (int, error) {
	var hook *btf.Typedef
	if err := kernel.TypeByName("btf_trace_"+tracepoint, &hook); errors.Is(err, btf.ErrNotFound) {
		return 0, errNoTracepoint
	} else if err != nil {
		return 0, err
	}
	if p, ok := hook.Type.(*btf.Pointer); ok {
		if f, ok := p.Target.(*btf.FuncProto); ok {
			return len(f.Params) - 1, nil // the first is the tracepoint's own data
		}
	}
	return 0, fmt.Errorf("its type is %v", hook.Type)
}

// Hooks lists what the programs attach to, sorted.
func (s *Set) Hooks() []string {
	hooks := make(map[string]bool)
	for _, p := range s.Spec.Programs {
		if p.AttachTo != "" {
			hooks[p.AttachTo] = true
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
