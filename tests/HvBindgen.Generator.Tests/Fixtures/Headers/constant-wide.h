#define WIDE_BIT ((unsigned __int128)1 << 100)
#define WIDE_ALL (~(unsigned __int128)0)
#define WIDE_NEGATIVE (-((__int128)1 << 90) - 3)
#define WIDE_SMALL ((__int128)-5)
#define WIDE_TWICE (WIDE_BIT * 2)
#define LONG_ZERO 0.0L
#define LONG_TINY 1e-4000L
#define LONG_HUGE 1e4000L
#define INFINITE (1.0 / 0.0)
enum { FITS_INT = 1, FITS_NO_INT = 0x100000000, NEGATIVE_INT = -1 };
