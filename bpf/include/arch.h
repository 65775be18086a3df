/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#pragma once
#include "kernel.h"

/* How the capture treats a system call: one class per layout of arguments. */
enum syscall_class {
	CLASS_NONE,
	CLASS_READ,
	CLASS_WRITE,
	CLASS_OPEN,
	CLASS_OPENAT,
	CLASS_CREAT,
	CLASS_CLOSE,
	/* see other_exit */
	CLASS_OPENAT2,
	CLASS_CLOSE_RANGE,
	CLASS_DUP2,
	CLASS_MMAP,
	CLASS_SENDFILE,
	CLASS_SPLICE,
	CLASS_SETNS,
	CLASS_SHUTDOWN,
	CLASS_EXEC,
	CLASS_CLONE,
	CLASS_SETUID,
	CLASS_SETREUID,
	CLASS_SETRESUID,
	CLASS_SETGID,
	CLASS_CHDIR,
	/* see message_exit */
	CLASS_RECVFROM,
	CLASS_SENDTO,
	CLASS_RECVMSG,
	CLASS_SENDMSG,
	CLASS_RECVMMSG,
	CLASS_SENDMMSG,
	CLASS_CONNECT,
	CLASS_ACCEPT,
	/* see name_exit */
	CLASS_MKDIR,
	CLASS_MKDIRAT,
	CLASS_RMDIR,
	CLASS_UNLINK,
	CLASS_UNLINKAT,
	CLASS_LINK,
	CLASS_LINKAT,
	CLASS_SYMLINK,
	CLASS_SYMLINKAT,
	CLASS_RENAME,
	CLASS_RENAMEAT,
};

#define SYSCALLS 512

#if defined(__TARGET_ARCH_x86)

/* arch/x86/entry/syscalls/syscall_64.tbl */
const u8 class_of[SYSCALLS] = {
	[0] = CLASS_READ,          /* read */
	[1] = CLASS_WRITE,         /* write */
	[2] = CLASS_OPEN,          /* open */
	[3] = CLASS_CLOSE,         /* close */
	[9] = CLASS_MMAP,          /* mmap */
	[17] = CLASS_READ,         /* pread64 */
	[18] = CLASS_WRITE,        /* pwrite64 */
	[19] = CLASS_READ,         /* readv */
	[20] = CLASS_WRITE,        /* writev */
	[33] = CLASS_DUP2,         /* dup2 */
	[40] = CLASS_SENDFILE,     /* sendfile */
	[42] = CLASS_CONNECT,      /* connect */
	[43] = CLASS_ACCEPT,       /* accept */
	[44] = CLASS_SENDTO,       /* sendto */
	[45] = CLASS_RECVFROM,     /* recvfrom */
	[46] = CLASS_SENDMSG,      /* sendmsg */
	[47] = CLASS_RECVMSG,      /* recvmsg */
	[48] = CLASS_SHUTDOWN,     /* shutdown */
	[56] = CLASS_CLONE,        /* clone */
	[57] = CLASS_CLONE,        /* fork */
	[58] = CLASS_CLONE,        /* vfork */
	[59] = CLASS_EXEC,         /* execve */
	[80] = CLASS_CHDIR,        /* chdir */
	[81] = CLASS_CHDIR,        /* fchdir */
	[82] = CLASS_RENAME,       /* rename */
	[83] = CLASS_MKDIR,        /* mkdir */
	[84] = CLASS_RMDIR,        /* rmdir */
	[85] = CLASS_CREAT,        /* creat */
	[86] = CLASS_LINK,         /* link */
	[87] = CLASS_UNLINK,       /* unlink */
	[88] = CLASS_SYMLINK,      /* symlink */
	[105] = CLASS_SETUID,      /* setuid */
	[106] = CLASS_SETGID,      /* setgid */
	[113] = CLASS_SETREUID,    /* setreuid */
	[114] = CLASS_SETGID,      /* setregid */
	[117] = CLASS_SETRESUID,   /* setresuid */
	[119] = CLASS_SETGID,      /* setresgid */
	[257] = CLASS_OPENAT,      /* openat */
	[258] = CLASS_MKDIRAT,     /* mkdirat */
	[263] = CLASS_UNLINKAT,    /* unlinkat */
	[264] = CLASS_RENAMEAT,    /* renameat */
	[265] = CLASS_LINKAT,      /* linkat */
	[266] = CLASS_SYMLINKAT,   /* symlinkat */
	[275] = CLASS_SPLICE,      /* splice */
	[288] = CLASS_ACCEPT,      /* accept4 */
	[292] = CLASS_DUP2,        /* dup3 */
	[295] = CLASS_READ,        /* preadv */
	[296] = CLASS_WRITE,       /* pwritev */
	[299] = CLASS_RECVMMSG,    /* recvmmsg */
	[307] = CLASS_SENDMMSG,    /* sendmmsg */
	[308] = CLASS_SETNS,       /* setns */
	[316] = CLASS_RENAMEAT,    /* renameat2 */
	[322] = CLASS_EXEC,        /* execveat */
	[326] = CLASS_SPLICE,      /* copy_file_range */
	[327] = CLASS_READ,        /* preadv2 */
	[328] = CLASS_WRITE,       /* pwritev2 */
	[435] = CLASS_CLONE,       /* clone3 */
	[436] = CLASS_CLOSE_RANGE, /* close_range */
	[437] = CLASS_OPENAT2,     /* openat2 */
};

#define TS_COMPAT 0x0002 /* arch/x86/include/asm/thread_info.h */

#define syscall_nr(regs) ((regs)->orig_ax)
#define arg0(regs)       ((regs)->di)
#define arg1(regs)       ((regs)->si)
#define arg2(regs)       ((regs)->dx)
#define arg3(regs)       ((regs)->r10)
#define arg4(regs)       ((regs)->r8)
#define arg5(regs)       ((regs)->r9)

/* 32-bit programs number their calls differently. */
#define is_compat(task) ((task)->thread_info.status & TS_COMPAT)

#endif
