//go:build amd64

package capture

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Host answers the flow builder's questions from /etc and /proc. It is to be used from one
// goroutine.
type Host struct {
	boot      int64
	users     idFile
	groups    idFile
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
		boot:   bootOffset(),
		users:  idFile{path: "/etc/passwd"},
		groups: idFile{path: "/etc/group"},
	}
}

var _ flow.Host = (*Host)(nil)

// UserName implements flow.Host. Names inside containers are not resolved.
func (h *Host) UserName(containerID string, uid int32) string {
	if containerID != "" {
		return ""
	}
	return h.users.name(uid)
}

// GroupName implements flow.Host. Names inside containers are not resolved.
func (h *Host) GroupName(containerID string, gid int32) string {
	if containerID != "" {
		return ""
	}
	return h.groups.name(gid)
}

// Process implements flow.Host.
func (h *Host) Process(pid int32, createTS int64) (*flow.ProcessInfo, bool) {
	return describe(pid, createTS, h.boot)
}

// IsAlive tells whether the process still exists.
func (h *Host) IsAlive(pid int32, createTS int64) bool {
	stat, ok := readStat(pid)
	if !ok {
		return false
	}
	d := createTS - (h.boot + stat.startTicks*1e7)
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
			h.readSockets(procRoot+"/net/"+f.name, f.proto, f.state)
		}
	}
	return h.listening[listener{proto, port}]
}

// readSockets reads a table such as /proc/net/tcp, see proc_net_tcp in the kernel's documentation.
func (h *Host) readSockets(path string, proto int32, state string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) < 4 || fields[3] != state {
			continue
		}
		_, hex, _ := strings.Cut(fields[1], ":")
		if port, err := strconv.ParseUint(hex, 16, 16); err == nil {
			h.listening[listener{proto, uint16(port)}] = true
		}
	}
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
			f.read()
		}
	}
	return f.names[id]
}

func (f *idFile) read() {
	b, err := os.ReadFile(f.path)
	if err != nil {
		return
	}
	f.names = make(map[int32]string)
	for line := range strings.Lines(string(b)) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) < 3 {
			continue
		}
		id := parseID(fields[2])
		if _, taken := f.names[id]; !taken && id >= 0 {
			f.names[id] = fields[0]
		}
	}
}
