// names-hidden/Records.g.cs
namespace Fixture;

/// <summary><c>pair_t</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>names-hidden.h, x86_64.</remarks>
public struct pair_t
{
    /// <summary><c>unsigned long first</c>: bytes 0 to 7.</summary>
    public ulong first;

    /// <summary><c>unsigned long second</c>: bytes 8 to 15.</summary>
    public ulong second;
}

/// <summary><c>struct holder</c>: 48 bytes, aligned to 8.</summary>
/// <remarks>names-hidden.h, x86_64.</remarks>
public unsafe struct holder
{
    /// <summary><c>struct pair</c>: bytes 0 to 3.</summary>
    public pair_t__ pair;

    /// <summary>Type of <c>holder.pair</c>: 4 bytes, aligned to 4.</summary>
    public struct pair_t__
    {
        /// <summary><c>int only</c>: bytes 0 to 3.</summary>
        public int only;
    }

    /// <summary><c>pair_t both</c>: bytes 8 to 23.</summary>
    public pair_t both;

    /// <summary><c>pair_t *next</c>: bytes 24 to 31.</summary>
    public pair_t* next;

    /// <summary><c>struct deep</c>: bytes 32 to 33.</summary>
    public deep_t deep;

    /// <summary>Type of <c>holder.deep</c>: 2 bytes, aligned to 2.</summary>
    public struct deep_t
    {
        /// <summary><c>struct pair</c>: bytes 0 to 1.</summary>
        public pair_t_ pair;

        /// <summary>Type of <c>holder.deep.pair</c>: 2 bytes, aligned to 2.</summary>
        public struct pair_t_
        {
            /// <summary><c>short half</c>: bytes 0 to 1.</summary>
            public short half;
        }
    }

    /// <summary><c>int pair_t_</c>: bytes 36 to 39.</summary>
    public int pair_t_;

    /// <summary><c>int tail</c>: bytes 40 to 43.</summary>
    public int tail;
}
