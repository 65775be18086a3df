package scenario

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// Step is one line of the scenario's report: a system call that it made, as it saw it.
// Op says what the step is about and so which fields are set.
type Step struct {
	// T0 and T1 are the wall clock before and after the call.
	T0   int64  `json:"t0"`
	T1   int64  `json:"t1"`
	PID  int32  `json:"pid"`
	TID  int32  `json:"tid"`
	Call string `json:"call"`
	Ret  int64  `json:"ret"`
	Op   string `json:"op"`
	// URing tells that it was a request to io_uring instead.
	URing bool `json:"uring"`

	Path    string `json:"path"`
	NewPath string `json:"new_path"`
	// Name is what an open was asked for, relative to Dir.
	Name string `json:"name"`
	Dir  string `json:"dir"`
	Mode uint64 `json:"mode"`
	// Kind is the operation of a name step (MKDIR, ...), of a process's, or the one that began
	// the flow of a unix socket; Values are its arguments.
	Kind   string   `json:"kind"`
	Values []string `json:"values"`
	Type   string   `json:"type"`
	Flags  uint64   `json:"flags"`

	FD   int32 `json:"fd"`
	Out  int32 `json:"out"`
	Last int32 `json:"last"`
	// N is how often the call was made, 0 for once.
	N       int64 `json:"n"`
	Cloexec bool  `json:"cloexec"`

	Proto int32  `json:"proto"`
	Local string `json:"local"`
	Peer  string `json:"peer"`

	Child  int32  `json:"child"`
	Parent int32  `json:"parent"`
	Args   string `json:"args"`
	CWD    string `json:"cwd"`
	UID    int32  `json:"uid"`
	GID    int32  `json:"gid"`
}

// headSize is the room at the beginning of the report for the length of the rest.
const headSize = 64

// parseReport reads the steps of a report file's content.
func parseReport(data []byte) ([]Step, error) {
	if len(data) < headSize {
		return nil, fmt.Errorf("report of %d bytes: must have at least %d", len(data), headSize)
	}
	n := binary.LittleEndian.Uint64(data)
	if n > uint64(len(data)-headSize) {
		return nil, fmt.Errorf("report of %d bytes says that it has %d", len(data), n)
	}
	var steps []Step
	for i, line := range bytes.Split(bytes.TrimSpace(data[headSize:headSize+n]), []byte("\n")) {
		var s Step
		if err := json.Unmarshal(line, &s); err != nil {
			return nil, fmt.Errorf("report line %d: %q: %w", i+1, line, err)
		}
		steps = append(steps, s)
	}
	return steps, nil
}
