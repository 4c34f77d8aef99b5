/* C11's word for functions that do not return under its other name. */
#ifndef HVBINDGEN_STDNORETURN_H
#define HVBINDGEN_STDNORETURN_H

#define noreturn _Noreturn

#endif
