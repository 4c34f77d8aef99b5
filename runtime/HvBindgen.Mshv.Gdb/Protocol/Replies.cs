namespace HvBindgen.Mshv.Gdb.Protocol;

/// <summary>Answers that have no content of their own. Errors have error numbers of Linux, in hexadecimal digits.</summary>
internal static class Replies
{
    /// <summary>Done.</summary>
    internal const string Ok = "OK";

    /// <summary>The command contradicts itself, or names what is not there (EINVAL).</summary>
    internal const string BadCommand = "E16";

    /// <summary>No memory is there (EFAULT).</summary>
    internal const string BadAddress = "E0e";

    /// <summary>The machine cannot, or the hypervisor refused (EIO).</summary>
    internal const string Refused = "E05";
}
