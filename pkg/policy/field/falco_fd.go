package field

import (
	"net/netip"
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	noteLocal = "the local end is known of connections made or accepted within the record, or if one address is that of the host or pod"
	notePorts = "the number of the port, as Falco shows it where it does not look up names"
)

// falcoFD are the fields of descriptors (userspace/libsinsp/sinsp_filtercheck_fd.cpp):
// files and sockets of flows and network events. Operations on names have no descriptor.
func falcoFD() []*Def {
	shape, record := group{Falco, ScopeShape}, group{Falco, ScopeRecord}
	return []*Def{
		record.number("fd.num", "number of the descriptor, -1 of an open that failed", func(r *Record) (int64, bool) {
			if r.triesOpen() {
				return int64(max(r.Ret, -1)), r.HasRet
			}
			return descriptor(r)
		}),
		shape.text("fd.type", "type of the descriptor", fdType).closed("file", "directory", "ipv4", "ipv6", "unix", "pipe"),
		shape.text("fd.typechar", "type of the descriptor (file, directory, IPv4 and IPv6 socket, unix socket, pipe, other)", fdTypeChar).
			closed("f", "d", "4", "6", "u", "p", "o"),
		record.def("fd.name", "path of the file, or `client:port->server:port`; `ip:port` of a socket that waits for clients", String, func(r *Record, _ Arg, v *Value) {
			if r.isNetwork() {
				v.Buf = appendTuple(v.Buf[:0], r)
				v.setText(string(v.Buf))
				return
			}
			v.setText(r.fdPath())
		}),
		record.text("fd.nameraw", "path as the call was given it", func(r *Record) string {
			if !r.triesOpen() {
				return ""
			}
			return argText("name")(r)
		}).about("recorded of opens that are events: by a name with `..`, and those that failed"),
		record.text("fd.directory", "directory of a file, a directory itself", fdDirectory),
		record.text("fd.filename", "name of a file without its directory", func(r *Record) string {
			if r.fdFileType() != sysflow.FileRegular {
				return ""
			}
			return baseName(r.fdPath())
		}),
		record.built("fd.containername", "id of the container and fd.name", func(b []byte, r *Record) []byte {
			if r.isNetwork() {
				return appendTuple(appendContainerID(b, r), r)
			}
			return appendContained(b, r, r.fdPath())
		}),
		record.built("fd.containerdirectory", "id of the container and fd.directory", func(b []byte, r *Record) []byte {
			return appendContained(b, r, fdDirectory(r))
		}),
		record.built("fd.uid", "id of the thread and number of the descriptor", func(b []byte, r *Record) []byte {
			if fd, ok := descriptor(r); ok {
				b = strconv.AppendInt(strconv.AppendInt(b, r.TID, 10), fd, 10)
			}
			return b
		}),
		shape.text("fd.l4proto", "protocol of a socket", func(r *Record) string {
			if !r.isNetwork() {
				return ""
			}
			return sysflow.ProtoName(r.Proto)
		}).closed(protoNames()...),
		shape.text("fd.sockfamily", "family of a socket", sockFamily).closed("ip", "unix"),
		shape.truth("fd.connected", "whether a socket is connected", func(r *Record) (is, known bool) {
			return r.Proto == sysflow.ProtoTCP || r.Ops&(sysflow.OpConnect|sysflow.OpAccept) != 0, r.isNetwork()
		}).about("TCP, and what was connected or accepted within the record"),
	}
}

// falcoNet are the fields of connections. Client is who began them, which is the source of
// SysFlow; server is the other side.
func falcoNet() []*Def {
	g := group{Falco, ScopeRecord}
	client, server := ends()
	local := func(r *Record) netip.Addr { a, _ := r.end(true); return a }
	remote := func(r *Record) netip.Addr { a, _ := r.end(false); return a }
	clientPort := func(r *Record) (int64, bool) { return int64(r.SPort), r.isNetwork() && !r.waits() }
	serverPort := func(r *Record) (int64, bool) {
		if r.waits() {
			return int64(r.SPort), true
		}
		return int64(r.DPort), r.isNetwork()
	}
	localPort := func(r *Record) (int64, bool) { a, p := r.end(true); return p, a.IsValid() }
	remotePort := func(r *Record) (int64, bool) { a, p := r.end(false); return p, a.IsValid() }
	portText := func(get func(*Record) (int64, bool)) func(*Record) string {
		return func(r *Record) string {
			if port, ok := get(r); ok {
				return strconv.FormatInt(port, 10)
			}
			return ""
		}
	}
	return []*Def{
		g.addresses("fd.ip", "address of client or server", falcoAddresses),
		g.address("fd.cip", "address of the client", client),
		g.address("fd.sip", "address of the server", server),
		g.address("fd.lip", "address of this end", local).about(noteLocal),
		g.address("fd.rip", "address of the other end", remote).about(noteLocal),
		g.addresses("fd.net", "address of client or server, for networks", falcoAddresses),
		g.address("fd.cnet", "address of the client, for networks", client),
		g.address("fd.snet", "address of the server, for networks", server),
		g.address("fd.lnet", "address of this end, for networks", local).about(noteLocal),
		g.address("fd.rnet", "address of the other end, for networks", remote).about(noteLocal),
		g.numbers("fd.port", "port of client or server", falcoPorts),
		g.number("fd.cport", "port of the client", clientPort),
		g.number("fd.sport", "port of the server", serverPort),
		g.number("fd.lport", "port of this end", localPort).about(noteLocal),
		g.number("fd.rport", "port of the other end", remotePort).about(noteLocal),
		g.numbers("fd.proto", "protocol of client or server", falcoPorts).about(notePorts),
		g.text("fd.cproto", "protocol of the client's port", portText(clientPort)).about(notePorts),
		g.text("fd.sproto", "protocol of the server's port", portText(serverPort)).about(notePorts),
		g.text("fd.lproto", "protocol of this end's port", portText(localPort)).about(notePorts),
		g.text("fd.rproto", "protocol of the other end's port", portText(remotePort)).about(notePorts),
		g.truth("fd.is_server", "whether the process is the server of the connection", func(r *Record) (is, known bool) {
			side := r.side()
			return side == sideServer || r.waits(), side != sideUnknown
		}).about(noteLocal),
	}
}

// ends returns how to ask for client and server.
func ends() (client, server func(*Record) netip.Addr) {
	client = func(r *Record) netip.Addr {
		if r.waits() {
			return netip.Addr{}
		}
		return r.SIP
	}
	server = func(r *Record) netip.Addr {
		if r.waits() {
			return r.SIP
		}
		return r.DIP
	}
	return client, server
}

// falcoAddresses are those of client and server.
func falcoAddresses(to []netip.Addr, r *Record) []netip.Addr {
	if !r.waits() {
		return bothAddresses(to, r)
	}
	if r.SIP.IsValid() {
		to = append(to, r.SIP)
	}
	return to
}

func falcoPorts(to []int64, r *Record) []int64 {
	if r.waits() {
		return append(to, int64(r.SPort))
	}
	return bothPorts(to, r)
}

// falcoFDUnanswerable are the fields of descriptors that SysFlow records say nothing about.
func falcoFDUnanswerable() []*Def {
	g := group{Falco, ScopeRecord}
	const (
		noInode = "of files only path and type are recorded"
		noPoll  = "polling is not recorded"
	)
	list := []*Def{
		g.unanswerable("fd.dev", "device of the file", noInode, Int),
		g.unanswerable("fd.dev.major", "major number of the device", noInode, Int),
		g.unanswerable("fd.dev.minor", "minor number of the device", noInode, Int),
		g.unanswerable("fd.ino", "inode of the file", noInode, Int),
		g.unanswerable("fd.is_upper_layer", "whether the file lies in the upper layer of an overlay", noInode, Bool),
		g.unanswerable("fd.is_lower_layer", "whether the file lies in the lower layer of an overlay", noInode, Bool),
	}
	types := g.unanswerable("fd.types", "types of all open descriptors, or of one", "the open descriptors of a process are not recorded", String)
	types.Multi, types.List = true, true
	list = append(list, types.arg(OptionalIndex))
	for _, what := range []string{"nums", "names", "cips", "sips", "cports", "sports"} {
		list = append(list, g.unanswerable("fdlist."+what, "of the descriptors of a poll", noPoll, String))
	}
	return list
}

func fdType(r *Record) string {
	switch {
	case r.otherSocket():
		return ""
	case r.isNetwork() && r.SIP.Is6():
		return "ipv6"
	case r.isNetwork():
		return "ipv4"
	}
	switch r.fdFileType() {
	case sysflow.FileRegular:
		return "file"
	case sysflow.FileDirectory:
		return "directory"
	case sysflow.FileUnix:
		return "unix"
	case sysflow.FilePipe:
		return "pipe"
	}
	return ""
}

func fdTypeChar(r *Record) string {
	switch {
	case r.otherSocket():
		return "o"
	case r.isNetwork() && r.SIP.Is6():
		return "6"
	case r.isNetwork():
		return "4"
	}
	if letter := typeLetter(r.fdFileType()); letter != "?" {
		return letter
	}
	return "o"
}

// otherSocket reports whether a socket was made that has no internet address: of packets, netlink.
func (r *Record) otherSocket() bool {
	return r.Kind == sysflow.KindNetworkEvent && r.Ops&sysflow.OpSocket != 0 && !r.SIP.IsValid()
}

// waits reports whether an event is about a socket for others to connect to; its address is
// the source of the record.
func (r *Record) waits() bool {
	return r.Kind == sysflow.KindNetworkEvent && r.Ops&(sysflow.OpBind|sysflow.OpListen) != 0
}

// fdFileType is the type of an open file, 0 if there is none. Like in libs, what could not be
// opened is a file.
func (r *Record) fdFileType() sysflow.FileType {
	switch {
	case r.Kind == sysflow.KindFileFlow, r.usesUnixSocket():
		return r.File.Type
	case !r.triesOpen():
		return 0
	case r.File.Type == sysflow.FileUnknown || r.File.Type == 0:
		return sysflow.FileRegular
	default:
		return r.File.Type
	}
}

func sockFamily(r *Record) string {
	switch {
	case r.otherSocket():
		return ""
	case r.isNetwork():
		return "ip"
	case r.fdFileType() == sysflow.FileUnix:
		return "unix"
	}
	return ""
}

// usesUnixSocket reports whether an event is that of a unix socket: bind, listen, a connect that
// failed.
func (r *Record) usesUnixSocket() bool {
	const ops = sysflow.OpBind | sysflow.OpListen | sysflow.OpConnect
	return r.Kind == sysflow.KindFileEvent && r.Ops&ops != 0 && r.File.Type == sysflow.FileUnix
}

// fdPath is the path of an open file.
func (r *Record) fdPath() string {
	if r.Kind != sysflow.KindFileFlow && !r.triesOpen() && !r.usesUnixSocket() {
		return ""
	}
	return r.File.Path
}

func fdDirectory(r *Record) string {
	path := r.fdPath()
	switch r.fdFileType() {
	case sysflow.FileDirectory:
		return path
	case sysflow.FileRegular:
		return directory(path)
	}
	return ""
}

// appendTuple appends nothing for a socket that has no address.
func appendTuple(b []byte, r *Record) []byte {
	if r.otherSocket() {
		return b
	}
	b = appendEnd(b, r.SIP, r.SPort)
	if r.waits() {
		return b
	}
	return appendEnd(append(b, "->"...), r.DIP, r.DPort)
}

func appendContainerID(b []byte, r *Record) []byte {
	if r.Process != nil {
		b = append(b, r.Process.ContainerID...)
	}
	return append(b, ':')
}

func appendContained(b []byte, r *Record, path string) []byte {
	if path == "" {
		return b
	}
	return append(appendContainerID(b, r), path...)
}
