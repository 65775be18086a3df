// Package container finds out what container runtimes know about containers. Packages docker and
// cri ask runtimes, package runtimes finds those of a host, and a Resolver does the asking beside
// the work of its user, who never waits for a runtime.
package container

import (
	"context"
	"errors"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Info is what a runtime tells of a container.
type Info struct {
	Container *sysflow.Container
	// Pod is nil when the container is in none.
	Pod *sysflow.Pod
}

// Client asks one container runtime. It may be used from several goroutines at once.
type Client interface {
	// Inspect describes a container. The error is, or wraps, ErrNotFound when the runtime does
	// not have the container, and ErrAbsent when there is no runtime to ask.
	Inspect(ctx context.Context, id cgroup.Identity) (Info, error)
	// String names the runtime's socket.
	String() string
	// Close ends all connections.
	Close() error
}

var (
	// ErrNotFound tells that a runtime does not know a container.
	ErrNotFound = errors.New("no such container")
	// ErrAbsent tells that no runtime listens at an address, or one that has no containers of
	// the client's kind.
	ErrAbsent = errors.New("no container runtime")
)

// RuntimePodman is the text for sysflow.Container.Runtime of podman, for which SysFlow's schema has
// no type.
const RuntimePodman = "podman"

// ImageName completes the name of an image as people write it, "alpine", by the tag that it stands
// for. Names with a tag or a digest are returned as they are.
func ImageName(name string) string {
	last := name[strings.LastIndexByte(name, '/')+1:]
	if name == "" || strings.ContainsAny(last, ":@") {
		return name
	}
	return name + ":latest"
}

// IsImageID tells whether an image is named by its id.
func IsImageID(name string) bool {
	hex, prefixed := strings.CutPrefix(name, "sha256:")
	if len(hex) != 64 && (prefixed || len(hex) != cgroup.IDLength) {
		return false
	}
	return strings.Trim(hex, "0123456789abcdef") == ""
}

// ImageID returns the id of an image without the name of the hash.
func ImageID(id string) string { return strings.TrimPrefix(id, "sha256:") }

// Digest returns the digest from the references by which a registry knows an image: of the one that
// has the image's name if there is one.
func Digest(references []string, image string) string {
	repository, _, _ := strings.Cut(image, "@")
	if at := strings.LastIndexByte(repository, ':'); at > strings.LastIndexByte(repository, '/') {
		repository = repository[:at]
	}
	first := ""
	for _, reference := range references {
		name, digest, ok := strings.Cut(reference, "@")
		switch {
		case !ok:
		case name == repository || strings.HasSuffix(name, "/"+repository):
			return digest
		case first == "":
			first = digest
		}
	}
	return first
}
