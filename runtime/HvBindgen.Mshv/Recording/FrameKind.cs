namespace HvBindgen.Mshv.Recording;

/// <summary>What a frame of a recording tells. The numbers are part of the file format.</summary>
internal enum FrameKind : byte
{
    /// <summary>A device was opened.</summary>
    Open = 1,

    /// <summary>A descriptor was closed.</summary>
    Close = 2,

    /// <summary>A request other than running a processor.</summary>
    Ioctl = 3,

    /// <summary>A page of a descriptor was mapped.</summary>
    Map = 4,

    /// <summary>A processor was run, and what came back: error number, message, changes of the register page.</summary>
    Run = 5,

    /// <summary>Registers that were written to the register page before a run.</summary>
    PageWrite = 6,

    /// <summary>A page of guest memory, as the treatment of the last message found it.</summary>
    GuestPage = 7,

    /// <summary>The recording ends as it should.</summary>
    End = 8,
}
