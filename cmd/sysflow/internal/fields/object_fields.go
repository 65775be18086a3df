package fields

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

func fileFields() []Field {
	return []Field{
		{Name: "file.fd", Title: "FD", Width: 5, Help: "file descriptor of a flow or network event", Kinds: counting | onlyNE, Missing: Empty, Get: getFD},
		{Name: "file.path", Title: "Path", Width: 30, Help: "path", Kinds: onFiles, Missing: Empty, Get: getPath},
		{Name: "file.newpath", Title: "New Path", Width: 30, Help: "second path of link, symlink, rename", Kinds: onlyFE, Missing: Empty, Get: getNewPath},
		{Name: "file.type", Title: "File Type", Width: 9, Help: "f file, d directory, u unix socket, p pipe, ? unknown", Kinds: onFiles, Missing: Empty, Get: getFileType},
		{Name: "file.openflags", Title: "Open Flags", Width: 10, Help: "how the file was opened, as a number", Kinds: onlyFF, Missing: Empty, Get: getOpenFlags},
		{Name: "file.name", Title: "File Name", Width: 30, Help: "path without its directory", OnDemand: true, Kinds: onFiles, Missing: Empty, Get: getFileName},
		{Name: "file.directory", Title: "Dir", Width: 30, Help: "directory of the path", OnDemand: true, Kinds: onFiles, Missing: Empty, Get: getDirectory},
		{Name: "file.is_open_write", Title: "W", Width: 5, Help: "whether the file was opened for writing", OnDemand: true, Kinds: onlyFF, Missing: Empty, Get: getOpenWrite},
		{Name: "file.is_open_read", Title: "R", Width: 5, Help: "whether the file was opened for reading", OnDemand: true, Kinds: onlyFF, Missing: Empty, Get: getOpenRead},
	}
}

func networkFields() []Field {
	return []Field{
		{Name: "net.proto", Title: "Proto", Width: 5, Help: "IP protocol: 6 TCP, 17 UDP, 1 ICMP", Kinds: onNet, Missing: Empty, Get: getProto},
		{Name: "net.sport", Title: "SPort", Width: 5, Help: "source port; the source opened the connection", Kinds: onNet, Get: getSPort},
		{Name: "net.dport", Title: "DPort", Width: 5, Help: "destination port", Kinds: onNet, Get: getDPort},
		{Name: "net.sip", Title: "SIP", Width: 16, Help: "source address", Kinds: onNet, Missing: Empty, Get: getSIP},
		{Name: "net.dip", Title: "DIP", Width: 16, Help: "destination address", Kinds: onNet, Missing: Empty, Get: getDIP},
		{Name: "net.port", Title: "Port", Width: 11, Help: "source and destination port", OnDemand: true, Kinds: onNet, Missing: Empty, Get: getPorts},
		{Name: "net.ip", Title: "IP", Width: 32, Help: "source and destination address", OnDemand: true, Kinds: onNet, Missing: Empty, Get: getIPs},
	}
}

func resourceFields() []Field {
	return []Field{
		{Name: "res", Title: "Resource", Width: 45, Help: "what it is about: path, path and new path, source-destination, or what is missing", Kinds: onFiles | onNet | onlyGap, Missing: Empty, Get: getResource},
	}
}

func getFD(r *Row) Value {
	if r.kind == sysflow.KindNetworkEvent && r.fd == sysflow.UnknownFD {
		return Value{Kind: Empty}
	}
	return intValue(r.fd)
}

func getPath(r *Row) Value {
	return ofFile(r.File, func(f *sysflow.File) Value { return stringValue(f.Path) })
}

func getNewPath(r *Row) Value {
	return ofFile(r.NewFile, func(f *sysflow.File) Value { return stringValue(f.Path) })
}

func getFileType(r *Row) Value {
	return ofFile(r.File, func(f *sysflow.File) Value { return stringValue(f.Type.String()) })
}

func getFileName(r *Row) Value {
	return ofFile(r.File, func(f *sysflow.File) Value { return stringValue(baseName(f.Path)) })
}

func getDirectory(r *Row) Value {
	return ofFile(r.File, func(f *sysflow.File) Value {
		dir, _, found := cutLast(f.Path, '/')
		if found && dir == "" {
			dir = "/"
		}
		return stringValue(dir)
	})
}

func ofFile(f *sysflow.File, get func(*sysflow.File) Value) Value {
	if f == nil {
		return Value{Kind: Empty}
	}
	return get(f)
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return "", s, false
}

func getOpenFlags(r *Row) Value { return intValue(r.openFlags) }

func getOpenWrite(r *Row) Value { return boolValue(r.openFlags.CanWrite()) }

func getOpenRead(r *Row) Value { return boolValue(r.openFlags.CanRead()) }

func getProto(r *Row) Value {
	return intValue(r.net.proto)
}

func getSPort(r *Row) Value {
	return intValue(r.net.sport)
}

func getDPort(r *Row) Value {
	return intValue(r.net.dport)
}

func getSIP(r *Row) Value { return r.address(r.net.sip) }

func getDIP(r *Row) Value { return r.address(r.net.dip) }

func (r *Row) address(a netip.Addr) Value {
	r.scratch = text.AppendAddr(r.scratch[:0], a)
	return Value{Kind: Text, Raw: r.scratch}
}

func getPorts(r *Row) Value {
	dst := strconv.AppendInt(r.scratch[:0], int64(r.net.sport), 10)
	r.scratch = strconv.AppendInt(append(dst, ','), int64(r.net.dport), 10)
	return Value{Kind: Text, Raw: r.scratch}
}

func getIPs(r *Row) Value {
	r.scratch = text.AppendAddr(append(text.AppendAddr(r.scratch[:0], r.net.sip), ','), r.net.dip)
	return Value{Kind: Text, Raw: r.scratch}
}

func getResource(r *Row) Value {
	if onNet&of(r.kind) != 0 {
		dst := text.AppendEndpoint(r.scratch[:0], r.net.sip, r.net.sport)
		r.scratch = text.AppendEndpoint(append(dst, '-'), r.net.dip, r.net.dport)
		return Value{Kind: Text, Raw: r.scratch}
	}
	if gap, ok := r.Event.(*sysflow.Gap); ok {
		r.scratch = append(append(r.scratch[:0], gap.Cause...), ' ')
		r.scratch = strconv.AppendInt(r.scratch, gap.Count, 10)
		return Value{Kind: Text, Raw: r.scratch}
	}
	if r.NewFile == nil {
		return getPath(r)
	}
	dst := r.scratch[:0]
	if r.File != nil {
		dst = append(dst, r.File.Path...)
	}
	r.scratch = append(append(dst, ", "...), r.NewFile.Path...)
	return Value{Kind: Text, Raw: r.scratch}
}
