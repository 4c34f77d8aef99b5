using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>The macro that a request's direction stands for.</summary>
internal static class DirectionText
{
    internal static string Of(AbiIoctl ioctl) => ioctl.Direction switch
    {
        IoctlDirection.None => "_IO",
        IoctlDirection.Write => "_IOW",
        IoctlDirection.Read => "_IOR",
        _ => "_IOWR",
    };
}
