// Package bpf holds the capture's BPF programs: their C sources, the compiled objects
// and the generated Go bindings. Building the project needs no C compiler; after a change of the
// sources run "make generate", which needs clang-19 and libbpf-dev.
//
// The sources are compiled twice: for current kernels, and for those that lack what include/compat.h
// lists. Load picks what the running kernel can load. Both sets have the same names, so the
// constants and types of the first serve both.
package bpf

//go:generate go tool -modfile=../internal/tools/go.mod bpf2go -cc clang-19 -strip llvm-strip-19 -tags linux -target amd64,arm64 -go-package bpf -output-stem capture -type event_header -type event_fork -type event_exec -type event_cgroup -type event_creds -type event_operation -type task_details -type exe_details -type exe_flag -type namespace -type syscall_class -type event_name -type event_file_start -type event_socket_start -type event_flow_end -type flow_totals -type event_file_op -type event_socket_op -type event_type -type event_flag -type op_flag -type flow_kind -type socket_role -type file_op -type socket_op -type loss -type flow -type endpoints -type peer_key -type verdict Capture capture.bpf.c -- -O2 -g -Wall -Werror -mcpu=v3 -I.
//go:generate go tool -modfile=../internal/tools/go.mod bpf2go -cc clang-19 -strip llvm-strip-19 -tags linux -target amd64,arm64 -go-package bpf -output-stem legacy -no-global-types legacy capture.bpf.c -- -O2 -g -Wall -Werror -mcpu=v3 -I. -DLEGACY
