//go:build linux && (amd64 || arm64)

package bpf

import (
	"maps"
	"slices"
	"testing"

	"github.com/cilium/ebpf/btf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kernelWith makes type information of a kernel with some tracepoints, given by the types of their
// arguments, and a request that keeps its descriptor beside its result or not.
func kernelWith(t *testing.T, fd bool, hooks map[string][]btf.Type) *btf.Spec {
	t.Helper()
	result := []btf.Member{{Name: "flags", Type: &btf.Int{Name: "unsigned int", Size: 4}}}
	if fd {
		result = append(result, btf.Member{Name: "fd", Type: &btf.Int{Name: "int", Size: 4}})
	}
	types := []btf.Type{
		&btf.Struct{Name: "io_link", Size: 8},
		&btf.Struct{Name: "io_cqe", Size: 4, Members: []btf.Member{{Type: &btf.Union{Size: 4, Members: result}}}},
	}
	for name, args := range hooks {
		params := []btf.FuncParam{{Type: &btf.Pointer{Target: &btf.Void{}}}}
		for _, a := range args {
			params = append(params, btf.FuncParam{Type: a})
		}
		proto := &btf.FuncProto{Return: &btf.Void{}, Params: params}
		types = append(types, &btf.Typedef{Name: "btf_trace_" + name, Type: &btf.Pointer{Target: proto}})
	}
	b, err := btf.NewBuilder(types, nil)
	require.NoError(t, err)
	spec, err := b.Spec()
	require.NoError(t, err)
	return spec
}

func TestURingHooks(t *testing.T) {
	void := &btf.Pointer{Target: &btf.Void{}}
	request := &btf.Pointer{Target: &btf.Struct{Name: "io_kiocb", Size: 8}}
	number := &btf.Int{Name: "int", Size: 4}
	parts := []btf.Type{void, void, number, number, number, number, number}
	for _, tt := range []struct {
		name  string
		fd    bool
		hooks map[string][]btf.Type
		want  []string
	}{
		{"none", true, nil, nil},
		{"5.10", false, map[string][]btf.Type{
			"io_uring_submit_sqe": {void, number, number, number, number},
			"io_uring_complete":   {void, number, number},
		}, nil},
		{"6.1", true, map[string][]btf.Type{
			"io_uring_submit_sqe":   {request, number},
			"io_uring_complete":     parts,
			"io_uring_cqe_overflow": {void, number, number, number, void},
		}, []string{CaptureProgUringSubmitOld, CaptureProgUringCompleteOld, CaptureProgUringOverflow}},
		{"6.12", true, map[string][]btf.Type{
			"io_uring_submit_req": {request}, "io_uring_complete": parts,
		}, []string{CaptureProgUringSubmit, CaptureProgUringCompleteOld}},
		{"6.18", true, map[string][]btf.Type{
			"io_uring_submit_req": {request}, "io_uring_complete": {void, void, void},
		}, []string{CaptureProgUringSubmit, CaptureProgUringComplete}},
		{"submission only", true, map[string][]btf.Type{"io_uring_submit_req": {request}}, nil},
		{"completion only", true, map[string][]btf.Type{"io_uring_complete": parts}, nil},
		{"descriptor not to be had", false, map[string][]btf.Type{
			"io_uring_submit_req": {request}, "io_uring_complete": parts,
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, uringHooks(kernelWith(t, tt.fd, tt.hooks)))
		})
	}
}

func TestIOUringNotWanted(t *testing.T) {
	spec, err := LoadCapture()
	require.NoError(t, err)
	(&Set{Spec: spec}).DropIOUring()
	for _, name := range append(slices.Collect(maps.Keys(spec.Programs)), slices.Collect(maps.Keys(spec.Maps))...) {
		assert.NotContains(t, name, "uring_")
	}
}
