//go:build linux && (amd64 || arm64)

package bpf

import (
	"slices"

	"github.com/cilium/ebpf/btf"
)

// uringPrograms and uringMaps are all that io_uring needs.
var (
	uringPrograms = []string{
		CaptureProgUringSubmit, CaptureProgUringSubmitOld,
		CaptureProgUringComplete, CaptureProgUringCompleteOld, CaptureProgUringOverflow,
	}
	uringMaps = []string{
		CaptureMapUringSlots, CaptureMapUringOthers, CaptureMapUringMultishots,
		CaptureMapUringNames, CaptureMapUringLongNames,
	}
)

// DropIOUring leaves out what is for io_uring, where that is not wanted.
func (s *Set) DropIOUring() { s.keepIOUring(nil) }

// fitIOUring leaves those programs for io_uring in that the kernel has hooks for.
func (s *Set) fitIOUring(hooks []string) {
	if s.Legacy || len(hooks) == 0 {
		s.Left = append(s.Left, "io_uring (before Linux 6.0)")
	}
	s.keepIOUring(hooks)
}

func (s *Set) keepIOUring(hooks []string) {
	for _, name := range uringPrograms {
		if !slices.Contains(hooks, name) {
			delete(s.Spec.Programs, name)
		}
	}
	if len(hooks) == 0 {
		for _, name := range uringMaps {
			delete(s.Spec.Maps, name)
		}
	}
}

// uringHooks names the programs that fit the tracepoints of a kernel: none where it lacks one, or what
// the programs read, which came together with Linux 6.0.
func uringHooks(kernel *btf.Spec) []string {
	var link *btf.Struct
	if !hasMember(kernel, "io_cqe", "fd") || kernel.TypeByName("io_link", &link) != nil {
		return nil
	}
	hookOf := func(name string) *btf.FuncProto { // what cannot be understood is as good as missing
		proto, _ := tracepoint(kernel, name)
		return proto
	}
	var submit, complete string
	switch {
	case hookOf("io_uring_submit_req") != nil:
		submit = CaptureProgUringSubmit
	case takesRequest(hookOf("io_uring_submit_sqe")):
		submit = CaptureProgUringSubmitOld
	}
	// the parameters are those of the program, but for the request, which may be missing
	switch hook := hookOf("io_uring_complete"); {
	case hook == nil:
	case len(hook.Params) == 4:
		complete = CaptureProgUringComplete
	case len(hook.Params) >= 6:
		complete = CaptureProgUringCompleteOld
	}
	if submit == "" || complete == "" {
		return nil
	}
	hooks := []string{submit, complete}
	if hookOf("io_uring_cqe_overflow") != nil {
		hooks = append(hooks, CaptureProgUringOverflow)
	}
	return hooks
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
