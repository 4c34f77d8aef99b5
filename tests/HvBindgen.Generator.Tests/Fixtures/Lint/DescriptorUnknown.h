#include "uapi.h"
// descriptor cpu CPU_*

#define VM_SPARED_FIRST _IO('x', 1)
#define REPORTED_BETWEEN _IO('x', 2)
#define VM_SPARED_SECOND _IO('x', 3)
#define REPORTED_AT_THE_BORDER _IO('x', 4)
#define CPU_SPARED _IO('x', 5)
#define REPORTED_ALONE _IO('z', 1)
