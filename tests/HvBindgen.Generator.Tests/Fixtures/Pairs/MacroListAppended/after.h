#ifndef _PAIR_H
#define _PAIR_H

#include "uapi.h"

#define REPORTED(FN, ctx...) FN(none, 0, ##ctx) FN(some, 1, ##ctx) FN(more, 2, ##ctx) /* and */ FN(most, 3, ##ctx)
#define REPORTED_SEPARATED(FN) FN(a), FN(b), FN("c)"), FN(d),
/* Enumerators that such a list makes are in Verdicts: their place is that of
   the macro's use, and a finding here names what stands at its place. */

#define SPARED_INSERTED(FN) FN(a) FN(c) FN(b)
#define SPARED_CHANGED(FN) FN(a, 1) FN(b, 3) FN(c, 4)
#define SPARED_SHORTER(FN) FN(a) FN(b)
#define SPARED_OTHER(FN, GN) FN(a) FN(b) OTHER(c)
#define SPARED_NO_LIST(FN) (FN(1) + FN(2)) + FN(3)
#define SPARED_PARAMETERS(GN) GN(a) GN(b) GN(c)
#define SPARED_SAME(FN) FN(a)   FN(b)

#endif
