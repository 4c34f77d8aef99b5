using System.Runtime.InteropServices;

namespace HvBindgen.Abi;

/// <summary>A file descriptor that takes ioctl requests.</summary>
/// <remarks>Implemented by handles that count their users, or that reach something else than this process's kernel.</remarks>
public interface IIoctlDescriptor
{
    /// <summary>Makes a request.</summary>
    /// <param name="request">Request number.</param>
    /// <param name="argument">Argument as the request defines it: a pointer, or an integer in its place.</param>
    /// <returns>The result, or the error number that the call itself reported.</returns>
    unsafe IoctlResult Ioctl(uint request, void* argument);
}

/// <summary>What <c>ioctl</c> gave. The error number is taken within the call, before anything can overwrite it.</summary>
public readonly struct IoctlResult
{
    private IoctlResult(int value, int errno)
    {
        Value = value;
        Errno = errno;
    }

    /// <summary>Result of a request that succeeded: zero, or what the request defines. -1 after an error.</summary>
    public int Value { get; }

    /// <summary>Error number, 0 after success.</summary>
    public int Errno { get; }

    /// <summary>Whether the request succeeded.</summary>
    public bool IsSuccess => Errno == 0;

    /// <summary>A request that succeeded.</summary>
    /// <param name="value">Result, not negative.</param>
    /// <returns>A result with <see cref="Errno"/> 0.</returns>
    public static IoctlResult Success(int value) => new(value, 0);

    /// <summary>A request that failed.</summary>
    /// <param name="errno">Error number, greater than 0.</param>
    /// <returns>A result with <see cref="Value"/> -1.</returns>
    public static IoctlResult Failure(int errno) => new(-1, errno);
}

/// <summary>A plain descriptor of this process. Who opened it closes it.</summary>
/// <param name="value">The descriptor's number.</param>
public readonly struct Fd(int value) : IIoctlDescriptor
{
    /// <summary>The descriptor's number.</summary>
    public int Value { get; } = value;

    /// <inheritdoc/>
    public unsafe IoctlResult Ioctl(uint request, void* argument)
    {
        int result;
        unsafe
        {
            result = LibC.Ioctl(Value, request, argument);
        }

        return result == -1 ? IoctlResult.Failure(Marshal.GetLastSystemError()) : IoctlResult.Success(result);
    }

    private static class LibC
    {
        // The C library reads the request as unsigned long; on musl as int, which is the same low 32 bits. Nothing needs marshalling.
        [DllImport("libc", EntryPoint = "ioctl")]
        internal static extern unsafe int Ioctl(int fd, nuint request, void* argument);
    }
}
