package field

import "strings"

// baseName is what follows the last slash.
func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// directory is what precedes the last slash; "/" for names in the root, empty without slash.
func directory(path string) string {
	switch i := strings.LastIndexByte(path, '/'); i {
	case -1:
		return ""
	case 0:
		return "/"
	default:
		return path[:i]
	}
}

// CommLength is how long the name of a Linux task can be (TASK_COMM_LEN without the NUL).
const CommLength = 15

// Comm is what Linux calls a process after it has executed a file.
func Comm(exe string) string { return comm(exe) }

// comm is what Linux calls a process after it has executed a file.
func comm(exe string) string {
	name := baseName(exe)
	return name[:min(len(name), CommLength)]
}

// plainPath is the path of a file without the addresses that libs put before the path of
// a connected unix socket: "ffff8800->ffff8801 /run/x.sock" is /run/x.sock.
func plainPath(path string) string {
	_, after := splitLink(path)
	return after
}

// splitLink returns the two addresses before a path and the path.
func splitLink(path string) (link, rest string) {
	if path == "" || path[0] == '/' {
		return "", path
	}
	link, rest, ok := strings.Cut(path, " ")
	if !ok {
		return "", path
	}
	from, to, ok := strings.Cut(link, "->")
	if !ok || !isHex(from) || !isHex(to) {
		return "", path
	}
	return link, rest
}

func isHex(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
		default:
			return false
		}
	}
	return s != ""
}
