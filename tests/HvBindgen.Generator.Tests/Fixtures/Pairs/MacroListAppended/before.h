#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED(FN, ctx...) FN(none, 0, ##ctx) FN(some, 1, ##ctx)
#define REPORTED_SEPARATED(FN) FN(a), FN(b), FN("c)"),
/* Enumerators that such a list makes are in Verdicts: their place is that of
   the macro's use, and a finding here names what stands at its place. */

#define SPARED_INSERTED(FN) FN(a) FN(b)
#define SPARED_CHANGED(FN) FN(a, 1) FN(b, 2)
#define SPARED_SHORTER(FN) FN(a) FN(b) FN(c)
#define SPARED_OTHER(FN, GN) FN(a) FN(b)
#define SPARED_NO_LIST(FN) (FN(1) + FN(2))
#define SPARED_PARAMETERS(FN) FN(a) FN(b)
#define SPARED_SAME(FN) FN(a) FN(b)

#endif
