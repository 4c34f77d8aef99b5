/* C11's words for alignment under their other names. */
#ifndef HVBINDGEN_STDALIGN_H
#define HVBINDGEN_STDALIGN_H

#define alignas _Alignas
#define alignof _Alignof
#define __alignas_is_defined 1
#define __alignof_is_defined 1

#endif
