package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// sameExe returns d with what the executable determines, which is as it was.
func sameExe(d, old *sysflow.ProcessDetails) *sysflow.ProcessDetails {
	if d == nil || old == nil {
		return d
	}
	merged := *d
	merged.Argv0, merged.ExeFlags = old.Argv0, old.ExeFlags
	merged.ExeIno, merged.ExeCTime, merged.ExeMTime = old.ExeIno, old.ExeCTime, old.ExeMTime
	return &merged
}

// withLogin returns the details of p with the name of the user that logged in.
func (b *Builder) withLogin(p *process, d *sysflow.ProcessDetails) *sysflow.ProcessDetails {
	if d == nil || d.LoginUID == sysflow.UnknownID || d.LoginUser != "" {
		return d
	}
	named := *d
	named.LoginUser = b.userName(p, d.LoginUID)
	return &named
}
