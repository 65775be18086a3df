package sysflow

import "strconv"

// ObjectState tells how an entity record came about.
type ObjectState uint8

// Created: first sight of a new object. Modified: changed since its last record.
// Reup: existed before, written again for context.
const (
	StateCreated ObjectState = iota
	StateModified
	StateReup
)

var objectStateNames = []string{"CREATED", "MODIFIED", "REUP"}

// ContainerType is the runtime that a container belongs to.
type ContainerType uint8

// Container types, numbered as in the schema.
const (
	ContainerDocker ContainerType = iota
	ContainerLXC
	ContainerLibvirtLXC
	ContainerMesos
	ContainerRKT
	ContainerCustom
	ContainerCRI
	ContainerContainerd
	ContainerCRIO
	ContainerBPM
)

var containerTypeNames = []string{
	"CT_DOCKER", "CT_LXC", "CT_LIBVIRT_LXC", "CT_MESOS", "CT_RKT",
	"CT_CUSTOM", "CT_CRI", "CT_CONTAINERD", "CT_CRIO", "CT_BPM",
}

// K8sAction is what happened to a Kubernetes object.
type K8sAction uint8

// Kubernetes actions, numbered as in the schema.
const (
	K8sComponentAdded K8sAction = iota
	K8sComponentModified
	K8sComponentDeleted
	K8sComponentError
	K8sComponentNonexistent
	K8sComponentUnknown
)

var k8sActionNames = []string{
	"K8S_COMPONENT_ADDED", "K8S_COMPONENT_MODIFIED", "K8S_COMPONENT_DELETED",
	"K8S_COMPONENT_ERROR", "K8S_COMPONENT_NONEXISTENT", "K8S_COMPONENT_UNKNOWN",
}

// K8sComponent is a kind of Kubernetes object.
type K8sComponent uint8

// Kubernetes object kinds, numbered as in the schema.
const (
	K8sNodes K8sComponent = iota
	K8sNamespaces
	K8sPods
	K8sReplicationControllers
	K8sServices
	K8sEvents
	K8sReplicaSets
	K8sDaemonSets
	K8sDeployments
	K8sUnknown
)

var k8sComponentNames = []string{
	"K8S_NODES", "K8S_NAMESPACES", "K8S_PODS", "K8S_REPLICATIONCONTROLLERS", "K8S_SERVICES",
	"K8S_EVENTS", "K8S_REPLICASETS", "K8S_DAEMONSETS", "K8S_DEPLOYMENTS", "K8S_UNKNOWN",
}

// String returns the schema's symbol.
func (s ObjectState) String() string { return symbol(objectStateNames, uint8(s)) }

// String returns the schema's symbol.
func (t ContainerType) String() string { return symbol(containerTypeNames, uint8(t)) }

// String returns the schema's symbol.
func (a K8sAction) String() string { return symbol(k8sActionNames, uint8(a)) }

// String returns the schema's symbol.
func (c K8sComponent) String() string { return symbol(k8sComponentNames, uint8(c)) }

// ParseObjectState is the inverse of ObjectState.String.
func ParseObjectState(s string) (ObjectState, bool) { return parse[ObjectState](objectStateNames, s) }

// ParseContainerType is the inverse of ContainerType.String.
func ParseContainerType(s string) (ContainerType, bool) {
	return parse[ContainerType](containerTypeNames, s)
}

// ParseK8sAction is the inverse of K8sAction.String.
func ParseK8sAction(s string) (K8sAction, bool) { return parse[K8sAction](k8sActionNames, s) }

// ParseK8sComponent is the inverse of K8sComponent.String.
func ParseK8sComponent(s string) (K8sComponent, bool) {
	return parse[K8sComponent](k8sComponentNames, s)
}

// Valid reports whether the state has a symbol in the schema.
func (s ObjectState) Valid() bool { return int(s) < len(objectStateNames) }

// Valid reports whether the type has a symbol in the schema.
func (t ContainerType) Valid() bool { return int(t) < len(containerTypeNames) }

func symbol(names []string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return strconv.Itoa(int(v))
}

func parse[T ~uint8](names []string, s string) (T, bool) {
	for i, n := range names {
		if n == s {
			return T(i), true // fewer than 256 symbols
		}
	}
	return 0, false
}

// FileType is the kind of a file: the ASCII code of a letter.
type FileType int32

// File types as SysFlow writes them. FileIPv4 and FileIPv6 name sockets; SysFlow's
// collector defines but never writes them. This project uses FileIPv6 to carry
// IPv6 flows through schema version 5, see package avro.
const (
	FileRegular   FileType = 'f'
	FileDirectory FileType = 'd'
	FileUnix      FileType = 'u'
	FilePipe      FileType = 'p'
	FileIPv4      FileType = '4'
	FileIPv6      FileType = '6'
	FileUnknown   FileType = '?'
)

// String returns the letter.
func (t FileType) String() string { return string(rune(t)) }
