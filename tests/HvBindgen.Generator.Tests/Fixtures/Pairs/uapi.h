/* What fixtures take from the kernel's own headers, on targets with the common ioctl encoding. */
#ifndef _FIXTURE_UAPI_H
#define _FIXTURE_UAPI_H

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __le16;
typedef __u16 __be16;
typedef __u32 __le32;
typedef __u32 __be32;
typedef __u64 __le64;
typedef __u64 __be64;

#define _IOC_NRSHIFT 0
#define _IOC_TYPESHIFT 8
#define _IOC_SIZESHIFT 16
#define _IOC_DIRSHIFT 30
#define _IOC_NRMASK 0xff
#define _IOC_TYPEMASK 0xff
#define _IOC_SIZEMASK 0x3fff
#define _IOC_DIRMASK 3
#define _IOC_NONE 0U
#define _IOC_WRITE 1U
#define _IOC_READ 2U
#define _IOC(d, t, n, s) \
	(((d) << _IOC_DIRSHIFT) | ((t) << _IOC_TYPESHIFT) | ((n) << _IOC_NRSHIFT) | ((s) << _IOC_SIZESHIFT))
#define _IO(t, n) _IOC(_IOC_NONE, (t), (n), 0)
#define _IOR(t, n, a) _IOC(_IOC_READ, (t), (n), sizeof(a))
#define _IOW(t, n, a) _IOC(_IOC_WRITE, (t), (n), sizeof(a))
#define _IOWR(t, n, a) _IOC(_IOC_READ | _IOC_WRITE, (t), (n), sizeof(a))

#endif
