package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// falcoFSPath are the paths of operations on names and of opens, if these succeeded
// (userspace/libsinsp/sinsp_filtercheck_fspath.cpp).
func falcoFSPath() []*Def {
	g := group{Falco, ScopeRecord}
	const noRaw = "paths are recorded absolute and normalised"
	return []*Def{
		g.text("fs.path.name", "path of an open, mkdir, rmdir or unlink", func(r *Record) string {
			if r.failure() != 0 || r.Kind == sysflow.KindFileEvent && r.Ops&(onePathOps|sysflow.OpOpen) == 0 {
				return ""
			}
			return r.pathOfName()
		}),
		g.text("fs.path.source", "old path of a rename, new path of a link, path of a symbolic link", func(r *Record) string {
			source, _ := twoPaths(r)
			return source
		}),
		g.text("fs.path.target", "new path of a rename, old path of a link, what a symbolic link points to", func(r *Record) string {
			_, target := twoPaths(r)
			return target
		}),
		g.unanswerable("fs.path.nameraw", "fs.path.name as the call was given it", noRaw, String),
		g.unanswerable("fs.path.sourceraw", "fs.path.source as the call was given it", noRaw, String),
		g.unanswerable("fs.path.targetraw", "fs.path.target as the call was given it", noRaw, String),
	}
}

const onePathOps = sysflow.OpMkdir | sysflow.OpRmdir | sysflow.OpUnlink

// twoPaths returns source and target as libs understands them: for links the other way
// round than for renames.
func twoPaths(r *Record) (source, target string) {
	if r.Kind != sysflow.KindFileEvent || r.failure() != 0 {
		return "", ""
	}
	switch {
	case r.Ops&sysflow.OpRename != 0:
		return r.File.Path, r.NewFile.Path
	case r.Ops&(sysflow.OpLink|sysflow.OpSymlink) != 0:
		return r.NewFile.Path, r.File.Path
	}
	return "", ""
}
