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
	CLASS_DUP,
	CLASS_FCNTL,
	CLASS_SOCKET,
	CLASS_BIND,
	CLASS_LISTEN,
	CLASS_EXEC,
	CLASS_CLONE,
	CLASS_SETUID,
	CLASS_SETREUID,
	CLASS_SETRESUID,
	CLASS_CHDIR,
	/* what they change, without a record: see changes_exit */
	CLASS_CREDENTIALS,
	CLASS_NAMESPACES,
	CLASS_RENAME_TASK,
	CLASS_SETSID,
	CLASS_SETPGID,
	/* and with one: see operation_exit */
	CLASS_SETGID,
	CLASS_SETREGID,
	CLASS_SETRESGID,
	CLASS_CAPSET,
	CLASS_UNSHARE,
	CLASS_PRCTL,
	CLASS_CHROOT,
	CLASS_PTRACE,
	CLASS_KILL,
	CLASS_TGKILL,
	CLASS_PIDFD_KILL,
	CLASS_INIT_MODULE,
	CLASS_FINIT_MODULE,
	CLASS_BPF,
	CLASS_USERFAULTFD,
	CLASS_MOUNT,
	CLASS_UMOUNT,
	CLASS_MOVE_MOUNT,
	CLASS_PIVOT_ROOT,
	CLASS_MEMFD_CREATE,
	CLASS_PERSONALITY,
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
	/* see attribute_exit */
	CLASS_CHMOD,
	CLASS_FCHMOD,
	CLASS_FCHMODAT,
	CLASS_CHOWN,
	CLASS_FCHOWN,
	CLASS_FCHOWNAT,
	CLASS_TRUNCATE,
	CLASS_FTRUNCATE,
	CLASS_MKNOD,
	CLASS_MKNODAT,
	CLASS_SETXATTR,
	CLASS_FSETXATTR,
	CLASS_SETXATTRAT,
};

#define SYSCALLS 512

/*
 * Numbers of system calls on x86-64 and arm64; arm64 lacks those that have a newer form.
 * arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h
 */
#if defined(__TARGET_ARCH_x86)
#define CALL(x86, arm64, class) [x86] = class,
#define OLD_CALL(x86, class)    [x86] = class,
#else
#define CALL(x86, arm64, class) [arm64] = class,
#define OLD_CALL(x86, class)
#endif

/* clang-format off */
const u8 class_of[SYSCALLS] = {
	CALL(0, 63, CLASS_READ)           /* read */
	CALL(1, 64, CLASS_WRITE)          /* write */
	OLD_CALL(2, CLASS_OPEN)           /* open */
	CALL(3, 57, CLASS_CLOSE)          /* close */
	CALL(9, 222, CLASS_MMAP)          /* mmap */
	CALL(17, 67, CLASS_READ)          /* pread64 */
	CALL(18, 68, CLASS_WRITE)         /* pwrite64 */
	CALL(19, 65, CLASS_READ)          /* readv */
	CALL(20, 66, CLASS_WRITE)         /* writev */
	OLD_CALL(33, CLASS_DUP2)          /* dup2 */
	CALL(40, 71, CLASS_SENDFILE)      /* sendfile */
	CALL(42, 203, CLASS_CONNECT)      /* connect */
	CALL(43, 202, CLASS_ACCEPT)       /* accept */
	CALL(44, 206, CLASS_SENDTO)       /* sendto */
	CALL(45, 207, CLASS_RECVFROM)     /* recvfrom */
	CALL(46, 211, CLASS_SENDMSG)      /* sendmsg */
	CALL(47, 212, CLASS_RECVMSG)      /* recvmsg */
	CALL(48, 210, CLASS_SHUTDOWN)     /* shutdown */
	CALL(56, 220, CLASS_CLONE)        /* clone */
	OLD_CALL(57, CLASS_CLONE)         /* fork */
	OLD_CALL(58, CLASS_CLONE)         /* vfork */
	CALL(59, 221, CLASS_EXEC)         /* execve */
	CALL(62, 129, CLASS_KILL)         /* kill */
	CALL(80, 49, CLASS_CHDIR)         /* chdir */
	CALL(81, 50, CLASS_CHDIR)         /* fchdir */
	OLD_CALL(82, CLASS_RENAME)        /* rename */
	OLD_CALL(83, CLASS_MKDIR)         /* mkdir */
	OLD_CALL(84, CLASS_RMDIR)         /* rmdir */
	OLD_CALL(85, CLASS_CREAT)         /* creat */
	OLD_CALL(86, CLASS_LINK)          /* link */
	OLD_CALL(87, CLASS_UNLINK)        /* unlink */
	OLD_CALL(88, CLASS_SYMLINK)       /* symlink */
	CALL(101, 117, CLASS_PTRACE)      /* ptrace */
	CALL(105, 146, CLASS_SETUID)      /* setuid */
	CALL(106, 144, CLASS_SETGID)      /* setgid */
	CALL(109, 154, CLASS_SETPGID)     /* setpgid */
	CALL(112, 157, CLASS_SETSID)      /* setsid */
	CALL(113, 145, CLASS_SETREUID)    /* setreuid */
	CALL(114, 143, CLASS_SETREGID)    /* setregid */
	CALL(117, 147, CLASS_SETRESUID)   /* setresuid */
	CALL(119, 149, CLASS_SETRESGID)   /* setresgid */
	CALL(126, 91, CLASS_CAPSET)       /* capset */
	CALL(129, 138, CLASS_KILL)        /* rt_sigqueueinfo */
	CALL(135, 92, CLASS_PERSONALITY)  /* personality */
	CALL(155, 41, CLASS_PIVOT_ROOT)   /* pivot_root */
	CALL(157, 167, CLASS_PRCTL)       /* prctl */
	CALL(161, 51, CLASS_CHROOT)       /* chroot */
	CALL(165, 40, CLASS_MOUNT)        /* mount */
	CALL(166, 39, CLASS_UMOUNT)       /* umount2 */
	CALL(175, 105, CLASS_INIT_MODULE) /* init_module */
	CALL(200, 130, CLASS_KILL)        /* tkill */
	CALL(234, 131, CLASS_TGKILL)      /* tgkill */
	CALL(257, 56, CLASS_OPENAT)       /* openat */
	CALL(258, 34, CLASS_MKDIRAT)      /* mkdirat */
	CALL(263, 35, CLASS_UNLINKAT)     /* unlinkat */
	CALL(264, 38, CLASS_RENAMEAT)     /* renameat */
	CALL(265, 37, CLASS_LINKAT)       /* linkat */
	CALL(266, 36, CLASS_SYMLINKAT)    /* symlinkat */
	CALL(272, 97, CLASS_UNSHARE)      /* unshare */
	CALL(275, 76, CLASS_SPLICE)       /* splice */
	CALL(288, 242, CLASS_ACCEPT)      /* accept4 */
	CALL(292, 24, CLASS_DUP2)         /* dup3 */
	CALL(295, 69, CLASS_READ)         /* preadv */
	CALL(296, 70, CLASS_WRITE)        /* pwritev */
	CALL(297, 240, CLASS_TGKILL)      /* rt_tgsigqueueinfo */
	CALL(299, 243, CLASS_RECVMMSG)    /* recvmmsg */
	CALL(307, 269, CLASS_SENDMMSG)    /* sendmmsg */
	CALL(308, 268, CLASS_SETNS)       /* setns */
	CALL(313, 273, CLASS_FINIT_MODULE) /* finit_module */
	CALL(316, 276, CLASS_RENAMEAT)    /* renameat2 */
	CALL(319, 279, CLASS_MEMFD_CREATE) /* memfd_create */
	CALL(321, 280, CLASS_BPF)         /* bpf */
	CALL(322, 281, CLASS_EXEC)        /* execveat */
	CALL(323, 282, CLASS_USERFAULTFD) /* userfaultfd */
	CALL(326, 285, CLASS_SPLICE)      /* copy_file_range */
	CALL(327, 286, CLASS_READ)        /* preadv2 */
	CALL(328, 287, CLASS_WRITE)       /* pwritev2 */
	CALL(424, 424, CLASS_PIDFD_KILL)  /* pidfd_send_signal */
	CALL(429, 429, CLASS_MOVE_MOUNT)  /* move_mount */
	CALL(435, 435, CLASS_CLONE)       /* clone3 */
	CALL(436, 436, CLASS_CLOSE_RANGE) /* close_range */
	CALL(437, 437, CLASS_OPENAT2)     /* openat2 */

	/* file_attributes */
	CALL(76, 45, CLASS_TRUNCATE)      /* truncate */
	CALL(77, 46, CLASS_FTRUNCATE)     /* ftruncate */
	OLD_CALL(90, CLASS_CHMOD)         /* chmod */
	CALL(91, 52, CLASS_FCHMOD)        /* fchmod */
	OLD_CALL(92, CLASS_CHOWN)         /* chown */
	CALL(93, 55, CLASS_FCHOWN)        /* fchown */
	OLD_CALL(94, CLASS_CHOWN)         /* lchown */
	OLD_CALL(133, CLASS_MKNOD)        /* mknod */
	CALL(188, 5, CLASS_SETXATTR)      /* setxattr */
	CALL(189, 6, CLASS_SETXATTR)      /* lsetxattr */
	CALL(190, 7, CLASS_FSETXATTR)     /* fsetxattr */
	CALL(259, 33, CLASS_MKNODAT)      /* mknodat */
	CALL(260, 54, CLASS_FCHOWNAT)     /* fchownat */
	CALL(268, 53, CLASS_FCHMODAT)     /* fchmodat */
	CALL(452, 452, CLASS_FCHMODAT)    /* fchmodat2 */
	CALL(463, 463, CLASS_SETXATTRAT)  /* setxattrat */

	/* sockets */
	CALL(32, 23, CLASS_DUP)           /* dup */
	CALL(41, 198, CLASS_SOCKET)       /* socket */
	CALL(49, 200, CLASS_BIND)         /* bind */
	CALL(50, 201, CLASS_LISTEN)       /* listen */
	CALL(72, 25, CLASS_FCNTL)         /* fcntl */
};
/* clang-format on */

/* The number and arguments of a system call, at its exit; and whether a 32-bit program made it,
 * for these number their calls differently. */
#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 0x0002 /* arch/x86/include/asm/thread_info.h */

#define syscall_nr(regs) ((regs)->orig_ax)
#define arg0(regs)       ((regs)->di)
#define arg1(regs)       ((regs)->si)
#define arg2(regs)       ((regs)->dx)
#define arg3(regs)       ((regs)->r10)
#define arg4(regs)       ((regs)->r8)
#define arg5(regs)       ((regs)->r9)
#define is_compat(task)  (FIELD(task, thread_info.status) & TS_COMPAT)

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT 22 /* arch/arm64/include/asm/thread_info.h */

#define syscall_nr(regs) ((u32)(regs)->syscallno)
#define arg0(regs)       ((regs)->orig_x0) /* regs[0] holds the result */
#define arg1(regs)       ((regs)->regs[1])
#define arg2(regs)       ((regs)->regs[2])
#define arg3(regs)       ((regs)->regs[3])
#define arg4(regs)       ((regs)->regs[4])
#define arg5(regs)       ((regs)->regs[5])
#define is_compat(task)  (FIELD(task, thread_info.flags) & (1UL << TIF_32BIT))

#endif
