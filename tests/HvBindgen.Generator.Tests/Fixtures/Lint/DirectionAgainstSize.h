#include "uapi.h"

#define VM_REPORTED_EMPTY _IOC(_IOC_READ, 'x', 1, 0)
#define VM_REPORTED_SILENT _IOC(_IOC_NONE, 'x', 2, 8)
#define VM_SPARED _IO('x', 3)
#define VM_SPARED_READ _IOR('x', 4, __u64)
