// enum-continued/Enums.g.cs
namespace Fixture;

/// <summary><c>enum code</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>enum-continued.h, x86_64.</remarks>
public enum code : uint
{
    /// <summary><c>CODE_A</c>, 1.</summary>
    CODE_A = 1,

    /// <summary><c>CODE_B</c>, 2.</summary>
    CODE_B = 2,

    /// <summary><c>CODE_C</c>, 16.</summary>
    CODE_C = 16,
}

/// <summary><c>enum lonely__more</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>enum-continued.h, x86_64.</remarks>
public enum lonely__more : uint
{
    /// <summary><c>LONELY_A</c>, 0.</summary>
    LONELY_A = 0,
}

// enum-continued/Records.g.cs
namespace Fixture;

/// <summary><c>struct user</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>enum-continued.h, x86_64.</remarks>
public struct user
{
    /// <summary><c>enum code code</c>: bytes 0 to 3.</summary>
    public code code;
}
