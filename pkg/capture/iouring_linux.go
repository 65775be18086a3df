//go:build amd64

package capture

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
)

// uringPrograms and uringMaps are all that io_uring needs.
var (
	uringPrograms = []string{
		bpf.CaptureProgUringSubmit, bpf.CaptureProgUringSubmitOld,
		bpf.CaptureProgUringComplete, bpf.CaptureProgUringCompleteOld, bpf.CaptureProgUringOverflow,
	}
	uringMaps = []string{
		bpf.CaptureMapUringSlots, bpf.CaptureMapUringOthers, bpf.CaptureMapUringMultishots,
		bpf.CaptureMapUringNames, bpf.CaptureMapUringLongNames,
	}
)

// fitIOUring leaves those programs for io_uring in that the running kernel has hooks for: none
// where it lacks a hook or what the programs read, which came together with Linux 6.0, or where
// they are not wanted.
func fitIOUring(spec *ebpf.CollectionSpec, wanted bool) error {
	keep := make(map[string]bool)
	if wanted {
		kernel, err := btf.LoadKernelSpec()
		if err != nil {
			return fmt.Errorf("reading the kernel's type information: %w", err)
		}
		for _, name := range uringHooks(kernel) {
			keep[name] = true
		}
	}
	for _, name := range uringPrograms {
		if !keep[name] {
			delete(spec.Programs, name)
		}
	}
	if len(keep) == 0 {
		for _, name := range uringMaps {
			delete(spec.Maps, name)
		}
	}
	return nil
}

// uringHooks names the programs that fit the tracepoints of a kernel.
func uringHooks(kernel *btf.Spec) []string {
	var link *btf.Struct
	if !hasMember(kernel, "io_cqe", "fd") || kernel.TypeByName("io_link", &link) != nil {
		return nil
	}
	var submit, complete string
	switch {
	case tracepoint(kernel, "io_uring_submit_req") != nil:
		submit = bpf.CaptureProgUringSubmit
	case takesRequest(tracepoint(kernel, "io_uring_submit_sqe")):
		submit = bpf.CaptureProgUringSubmitOld
	}
	// the parameters are those of the program, but for the request, which may be missing
	switch hook := tracepoint(kernel, "io_uring_complete"); {
	case hook == nil:
	case len(hook.Params) == 4:
		complete = bpf.CaptureProgUringComplete
	case len(hook.Params) >= 6:
		complete = bpf.CaptureProgUringCompleteOld
	}
	if submit == "" || complete == "" {
		return nil
	}
	hooks := []string{submit, complete}
	if tracepoint(kernel, "io_uring_cqe_overflow") != nil {
		hooks = append(hooks, bpf.CaptureProgUringOverflow)
	}
	return hooks
}

// tracepoint returns the prototype of a tracepoint, nil if the kernel has none of that name. The
// first parameter is the tracepoint's own data.
func tracepoint(kernel *btf.Spec, name string) *btf.FuncProto {
	var hook *btf.Typedef
	if kernel.TypeByName("btf_trace_"+name, &hook) != nil {
		return nil
	}
	p, ok := hook.Type.(*btf.Pointer)
	if !ok {
		return nil
	}
	proto, _ := p.Target.(*btf.FuncProto)
	return proto
}

// takesRequest tells whether a tracepoint's argument is a request, not parts of one.
func takesRequest(hook *btf.FuncProto) bool {
	if hook == nil || len(hook.Params) < 2 {
		return false
	}
	p, ok := hook.Params[1].Type.(*btf.Pointer)
	if !ok {
		return false
	}
	s, ok := p.Target.(*btf.Struct)
	return ok && s.Name == "io_kiocb"
}

// hasMember tells whether a structure has a member, be it in a union without a name.
func hasMember(kernel *btf.Spec, structure, member string) bool {
	var s *btf.Struct
	return kernel.TypeByName(structure, &s) == nil && containsMember(s.Members, member)
}

func containsMember(members []btf.Member, name string) bool {
	for _, m := range members {
		if m.Name == name {
			return true
		}
		if m.Name != "" {
			continue
		}
		switch t := m.Type.(type) {
		case *btf.Union:
			if containsMember(t.Members, name) {
				return true
			}
		case *btf.Struct:
			if containsMember(t.Members, name) {
				return true
			}
		}
	}
	return false
}
