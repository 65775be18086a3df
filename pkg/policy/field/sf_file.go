package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// sfFile are the attributes of files.
func sfFile() []*Def {
	path, newPath := group{SysFlow, ScopeFile}, group{SysFlow, ScopeNewFile}
	shape, record := group{SysFlow, ScopeShape}, group{SysFlow, ScopeRecord}
	return []*Def{
		path.text("sf.file.path", "path of the file", func(r *Record) string { return plainPath(r.File.Path) }),
		path.text("sf.file.name", "what follows the last slash of the path", func(r *Record) string { return baseName(plainPath(r.File.Path)) }),
		path.text("sf.file.directory", "what precedes the last slash of the path", func(r *Record) string { return directory(plainPath(r.File.Path)) }),
		path.text("sf.file.symlink", "addresses of both ends of a connected unix socket, where the collector notes them", func(r *Record) string {
			link, _ := splitLink(r.File.Path)
			return link
		}),
		newPath.text("sf.file.newpath", "second path: where something was renamed to, the new link", func(r *Record) string { return plainPath(r.NewFile.Path) }),
		newPath.text("sf.file.newname", "what follows the last slash of the second path", func(r *Record) string { return baseName(plainPath(r.NewFile.Path)) }),
		newPath.text("sf.file.newdirectory", "what precedes the last slash of the second path", func(r *Record) string { return directory(plainPath(r.NewFile.Path)) }),
		newPath.text("sf.file.newsymlink", "as sf.file.symlink, for the second path", func(r *Record) string {
			link, _ := splitLink(r.NewFile.Path)
			return link
		}),
		shape.text("sf.file.type", "type of the file (file, directory, unix socket, pipe, IPv4 and IPv6 socket, unknown)", func(r *Record) string { return typeLetter(r.File.Type) }).
			closed("f", "d", "u", "p", "4", "6", "?"),
		shape.texts("sf.file.openflags", "flags of the open (RDWR comes with RDONLY and WRONLY)", openTexts).closed(openFlagTexts()...),
		shape.truth("sf.file.is_open_read", "whether the file was opened for reading", func(r *Record) (is, known bool) {
			return r.OpenFlags.CanRead(), r.Kind == sysflow.KindFileFlow
		}),
		shape.truth("sf.file.is_open_write", "whether the file was opened for writing", func(r *Record) (is, known bool) {
			return r.OpenFlags.CanWrite(), r.Kind == sysflow.KindFileFlow
		}),
		record.number("sf.file.fd", "file descriptor", descriptor),
		record.def("sf.file.oid", "identity of the file: SHA-1 of container id and path", String, func(r *Record, _ Arg, v *Value) { fileID(r, &r.File, v) }),
		record.def("sf.file.newoid", "identity of the second file", String, func(r *Record, _ Arg, v *Value) { fileID(r, &r.NewFile, v) }),
	}
}

// typeLetter is empty where there is no file.
func typeLetter(t sysflow.FileType) string {
	const letters = "fdup46?" // slices of it, so that no text is made
	switch t {
	case sysflow.FileRegular:
		return letters[:1]
	case sysflow.FileDirectory:
		return letters[1:2]
	case sysflow.FileUnix:
		return letters[2:3]
	case sysflow.FilePipe:
		return letters[3:4]
	case sysflow.FileIPv4:
		return letters[4:5]
	case sysflow.FileIPv6:
		return letters[5:6]
	case 0:
		return ""
	}
	return letters[6:]
}

// descriptor is that of flows and sockets.
func descriptor(r *Record) (int64, bool) {
	return int64(r.FD), r.FD >= 0 && (r.Kind == sysflow.KindFileFlow || r.isNetwork())
}

func fileID(r *Record, f *File, v *Value) {
	switch {
	case f.Path == "" && f.OID == nil:
	case f.OID != nil:
		v.setText(f.OID.String())
	default:
		container := ""
		if r.Process != nil {
			container = r.Process.ContainerID
		}
		v.setText(sysflow.NewFOID(container, f.Path).String())
	}
}
