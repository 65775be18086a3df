package flow

import "net/netip"

// Linux' default range of ports for initiators.
const (
	ephemeralFirst = 32768
	ephemeralLast  = 60999
)

// tuple names one end of a connection.
type tuple struct {
	local, remote netip.AddrPort
	proto         int32
}

func (t tuple) flip() tuple {
	return tuple{local: t.remote, remote: t.local, proto: t.proto}
}

// guessRole tells which part the local end plays, from the most to the least certain
// sign. It is asked for connections whose beginning nobody saw. When it has nothing but
// addresses and ports to go by, it says the same for both ends.
func (b *Builder) guessRole(t tuple) Role {
	if r, ok := b.roles.Peek(t.key()); ok {
		return r
	}
	if r, ok := b.roles.Peek(t.flip().key()); ok {
		return opposite(r)
	}
	local, remote := t.local.Port(), t.remote.Port()
	switch {
	case b.host.IsListening(t.proto, local):
		return RoleAcceptor
	case isOwn(t) && b.host.IsListening(t.proto, remote):
		return RoleInitiator
	case isEphemeral(local) != isEphemeral(remote):
		return roleIf(isEphemeral(local))
	case local != remote:
		return roleIf(local > remote)
	}
	return roleIf(!t.local.Addr().Less(t.remote.Addr()))
}

// isOwn reports whether both ends are on this host, as far as can be seen.
func isOwn(t tuple) bool {
	return t.remote.Addr().IsLoopback() || t.remote.Addr() == t.local.Addr()
}

func isEphemeral(port uint16) bool { return port >= ephemeralFirst && port <= ephemeralLast }

func roleIf(initiator bool) Role {
	if initiator {
		return RoleInitiator
	}
	return RoleAcceptor
}

func opposite(r Role) Role { return roleIf(r == RoleAcceptor) }

// rememberedRoles is of how many connections the roles are remembered at least.
const rememberedRoles = 1 << 13

// roleKey is a tuple without gaps, which makes it fast to hash.
type roleKey struct {
	local, remote         [16]byte
	localPort, remotePort uint16
	proto                 int32
}

func (t tuple) key() roleKey {
	return roleKey{
		local:      t.local.Addr().As16(),
		remote:     t.remote.Addr().As16(),
		localPort:  t.local.Port(),
		remotePort: t.remote.Port(),
		proto:      t.proto,
	}
}
