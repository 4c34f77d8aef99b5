// record-incomplete-and-empty/Records.g.cs
namespace Fixture;

/// <summary><c>struct empty</c>: 0 bytes in C; C# has no type without a size, so use it only behind a pointer.</summary>
/// <remarks>record-incomplete-and-empty.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 1)]
public struct empty
{
}

/// <summary><c>struct marker</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>record-incomplete-and-empty.h, x86_64.</remarks>
public struct marker
{
    /// <summary><c>int value</c>: bytes 0 to 3.</summary>
    public int value;
}

/// <summary><c>struct user</c>: 32 bytes, aligned to 8.</summary>
/// <remarks>record-incomplete-and-empty.h, x86_64.</remarks>
public unsafe struct user
{
    /// <summary><c>struct hidden *one</c>: bytes 0 to 7.</summary>
    public void* one;

    /// <summary><c>hidden_t **two</c>: bytes 8 to 15.</summary>
    public void** two;

    /// <summary><c>struct empty *three</c>: bytes 16 to 23.</summary>
    public void* three;

    /// <summary><c>struct user *next</c>: bytes 24 to 31.</summary>
    public user* next;
}
