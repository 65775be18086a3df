//go:build amd64 || arm64

package capture

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Host answers the flow builder's questions from /etc and /proc. It is to be used from one
// goroutine.
type Host struct {
	proc      procFS
	boot      int64
	users     idFile
	groups    idFile
	inside    *containerNames
	listening map[listener]bool
	listenAt  time.Time
}

type listener struct {
	proto int32
	port  uint16
}

// refreshInterval bounds how often Host looks at files again.
const refreshInterval = 5 * time.Second

// NewHost returns a Host. Nothing is read before it is asked for.
func NewHost() *Host {
	return &Host{
		proc:   hostProc,
		boot:   bootOffset(),
		users:  idFile{path: "/etc/passwd"},
		groups: idFile{path: "/etc/group"},
	}
}

// UseContainers makes the host tell what is in a container, and resolve names inside of it. The
// table should be that of the capture.
func (h *Host) UseContainers(c *Containers) {
	h.inside = newContainerNames(h.proc, c)
}

var _ flow.Host = (*Host)(nil)

// UserName implements flow.Host.
func (h *Host) UserName(containerID string, uid int32) string {
	switch {
	case containerID == "":
		return h.users.name(uid)
	case h.inside == nil:
		return ""
	}
	return h.inside.user(containerID, uid)
}

// GroupName implements flow.Host.
func (h *Host) GroupName(containerID string, gid int32) string {
	switch {
	case containerID == "":
		return h.groups.name(gid)
	case h.inside == nil:
		return ""
	}
	return h.inside.group(containerID, gid)
}

// Process implements flow.Host.
func (h *Host) Process(pid int32, createTS int64) (*flow.ProcessInfo, bool) {
	info, ok := h.proc.describe(pid, createTS, h.boot)
	if ok && h.inside != nil {
		h.proc.place(pid, info, h.inside.containers)
	}
	return info, ok
}

// IsAlive tells whether the process still exists.
func (h *Host) IsAlive(pid int32, createTS int64) bool {
	stat, ok := h.proc.stat(pid)
	if !ok {
		return false
	}
	d := createTS - stat.created(h.boot)
	return createTS == 0 || (d > -1e9 && d < 1e9)
}

// IsListening implements flow.Host. The answer may be some seconds old.
func (h *Host) IsListening(proto int32, port uint16) bool {
	if time.Since(h.listenAt) > refreshInterval {
		h.listenAt = time.Now()
		h.listening = make(map[listener]bool)
		for _, f := range []struct {
			name  string
			proto int32
			state string
		}{
			// the state of sockets that wait for peers: LISTEN, and unconnected
			{"tcp", sysflow.ProtoTCP, "0A"},
			{"tcp6", sysflow.ProtoTCP, "0A"},
			{"udp", sysflow.ProtoUDP, "07"},
			{"udp6", sysflow.ProtoUDP, "07"},
		} {
			h.readSockets(f.name, f.proto, f.state)
		}
	}
	return h.listening[listener{proto, port}]
}

func (h *Host) readSockets(table string, proto int32, state string) {
	f, err := os.Open(filepath.Join(string(h.proc), "net", table))
	if err != nil {
		return
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if port, ok := parseSocket(s.Text(), state); ok {
			h.listening[listener{proto, port}] = true
		}
	}
}

// parseSocket takes the port of a socket in the given state from a line of a table such as
// /proc/net/tcp, see proc_net_tcp in the kernel's documentation.
func parseSocket(line, state string) (port uint16, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 4 || fields[3] != state {
		return 0, false
	}
	_, hex, _ := strings.Cut(fields[1], ":")
	v, err := strconv.ParseUint(hex, 16, 16)
	return uint16(v), err == nil
}

// idFile resolves ids by a file such as /etc/passwd, which it reads again when it has changed.
type idFile struct {
	path    string
	checked time.Time
	changed time.Time
	names   map[int32]string
}

func (f *idFile) name(id int32) string {
	if time.Since(f.checked) > refreshInterval {
		f.checked = time.Now()
		if st, err := os.Stat(f.path); err == nil && !st.ModTime().Equal(f.changed) {
			f.changed = st.ModTime()
			if b, err := os.ReadFile(f.path); err == nil {
				f.names = parseNames(b)
			}
		}
	}
	return f.names[id]
}

// parseNames maps the ids of a file such as /etc/passwd to their first names.
func parseNames(b []byte) map[int32]string {
	names := make(map[int32]string)
	for line := range strings.Lines(string(b)) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) < 3 {
			continue
		}
		id := parseID(fields[2])
		if _, taken := names[id]; !taken && id != sysflow.UnknownID {
			names[id] = fields[0]
		}
	}
	return names
}
