/*
 * Runs a command and records what a power cut would leave of a folder: what was synced, and nothing else.
 *
 * usage: powercut FOLDER RECORD COMMAND [ARGUMENT...]
 *
 * The kernel reports each fsync, fdatasync, syncfs and sync of the command and of all that it starts (seccomp user notification, Linux 5.0),
 * so neither how they are linked nor their environment matters. The content of a file is recorded when the file is synced, the names in a
 * folder when the folder is. The call itself is answered, and never reaches the disk.
 *
 * SIGUSR1 is the power cut: everything that was started ends at once. SIGTERM and SIGINT are passed on.
 *
 * RECORD/journal has a line for each fact (a key is inode-birth, texts are in hexadecimal):
 *   R key                       the folder
 *   F key mode number           a file's content is on the disk, as RECORD/number
 *   D key count, N key count    the names in a folder: on the disk; as they are, on the disk or not
 *   E type key mode name link   one of them, with the type f, d, l
 *   S number                    this many syncs are over, and all above came of them
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "powercut knows x86-64 and arm64"
#endif

#define TABLE 65536

static const char *folder, *record;
static FILE *journal;
static unsigned contents, syncs;
static volatile sig_atomic_t cut, passed;
static pid_t child;

static void fail(const char *what) {
    fprintf(stderr, "powercut: %s: %s\n", what, strerror(errno));
    exit(125);
}

/* What was recorded last, by the key, so that only changes are. */
static struct { char key[48]; uint64_t hash; } known[TABLE];

static uint64_t fnv(uint64_t hash, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    while (length-- > 0) hash = (hash ^ *at++) * 1099511628211u;
    return hash;
}

static int changed(char kind, const char *key, uint64_t hash) {
    char name[48];
    snprintf(name, sizeof name, "%c%s", kind, key);
    for (size_t at = fnv(14695981039346656037u, name, strlen(name)) % TABLE, tries = 0; tries < TABLE; at = (at + 1) % TABLE, tries++) {
        if (known[at].key[0] == 0) strcpy(known[at].key, name);
        else if (strcmp(known[at].key, name) != 0) continue;
        else if (known[at].hash == hash) return 0;
        known[at].hash = hash;
        return 1;
    }
    fprintf(stderr, "powercut: too many files\n");
    exit(125);
}

/* Inodes are used again, so the time of birth belongs to the key. */
static int describe(int at, const char *path, int flags, char key[40], mode_t *mode) {
    struct statx facts;
    if (statx(at, path, flags, STATX_BASIC_STATS | STATX_BTIME, &facts) != 0) return -1;
    snprintf(key, 40, "%llx-%llx.%x", (unsigned long long)facts.stx_ino, (unsigned long long)facts.stx_btime.tv_sec, facts.stx_btime.tv_nsec);
    *mode = facts.stx_mode;
    return 0;
}

static void hex(char *to, const char *text) {
    for (; *text; text++) to += sprintf(to, "%02x", (unsigned char)*text);
    *to = 0;
}

/* Records a file's content, if it is not the content recorded last. */
static void record_file(int file) {
    static char bytes[1 << 16];
    char key[40], path[4096];
    mode_t mode;
    if (describe(file, "", AT_EMPTY_PATH, key, &mode) != 0) return;
    uint64_t hash = fnv(14695981039346656037u, &mode, sizeof mode);
    ssize_t count;
    off_t at = 0;
    for (; (count = pread(file, bytes, sizeof bytes, at)) > 0; at += count) hash = fnv(hash, bytes, count);
    if (!changed('F', key, hash)) return;
    snprintf(path, sizeof path, "%s/%u", record, ++contents);
    int copy = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (copy < 0) fail(path);
    for (at = 0; (count = pread(file, bytes, sizeof bytes, at)) > 0; at += count)
        if (write(copy, bytes, count) != count) fail(path);
    close(copy);
    fprintf(journal, "F %s %o %u\n", key, mode & 07777, contents);
}

/* Records the names in a folder: those on the disk ('D') or those of now ('N'). */
static void record_names(int handle, char kind) {
    char key[40], inner[40], name[1024], link[4096], link_hex[8200];
    mode_t mode;
    if (describe(handle, "", AT_EMPTY_PATH, key, &mode) != 0) return;
    int again = openat(handle, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = again < 0 ? NULL : fdopendir(again);
    if (names == NULL) return;
    char *text = NULL;
    size_t size = 0;
    unsigned count = 0;
    FILE *lines = open_memstream(&text, &size);
    for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (describe(again, entry->d_name, AT_SYMLINK_NOFOLLOW, inner, &mode) != 0) continue;
        link_hex[0] = 0;
        if (S_ISLNK(mode)) {
            ssize_t length = readlinkat(again, entry->d_name, link, sizeof link - 1);
            link[length < 0 ? 0 : length] = 0;
            hex(link_hex, link);
        } else if (!S_ISREG(mode) && !S_ISDIR(mode)) {
            continue;
        }
        hex(name, entry->d_name);
        fprintf(lines, "E %c %s %o %s %s\n", S_ISLNK(mode) ? 'l' : S_ISDIR(mode) ? 'd' : 'f', inner, mode & 07777, name, link_hex);
        count++;
    }
    closedir(names);
    fclose(lines);
    if (changed(kind, key, fnv(fnv(14695981039346656037u, text, size), &count, sizeof count)))
        fprintf(journal, "%c %s %u\n%s", kind, key, count, text);
    free(text);
}

/* Records the names of a whole tree and, where all of it was synced, its files. */
static void record_tree(const char *path, int all) {
    int handle = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (handle < 0) return;
    if (all) record_names(handle, 'D');
    record_names(handle, 'N');
    int again = dup(handle);
    lseek(again, 0, SEEK_SET);
    DIR *names = fdopendir(again);
    for (struct dirent *entry; names != NULL && (entry = readdir(names)) != NULL;) {
        char inner[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR) {
            record_tree(inner, all);
        } else if (all && entry->d_type == DT_REG) {
            int file = openat(handle, entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
            if (file >= 0) {
                record_file(file);
                close(file);
            }
        }
    }
    if (names != NULL) closedir(names);
    close(handle);
}

static void record_sync(const struct seccomp_notif *call) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)call->pid, (int)call->data.args[0]);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    size_t root = strlen(folder);
    int all = call->data.nr == SYS_syncfs || call->data.nr == SYS_sync;
    if (!all && (strncmp(path, folder, root) != 0 || (path[root] != '/' && path[root] != 0))) return;
    if (!all) {
        int synced = open(link, O_RDONLY | O_CLOEXEC);
        struct stat facts;
        if (synced >= 0 && fstat(synced, &facts) == 0) {
            if (S_ISDIR(facts.st_mode)) record_names(synced, 'D');
            else if (S_ISREG(facts.st_mode)) record_file(synced);
        }
        if (synced >= 0) close(synced);
    }
    record_tree(folder, all);
    fprintf(journal, "S %u\n", ++syncs);
    fflush(journal);
}

static int filter(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fdatasync, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_syncfs, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sync, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void pass(int socket, int *handle, int send) {
    char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    if (send) {
        struct cmsghdr *part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(part), handle, sizeof(int));
        if (sendmsg(socket, &message, 0) < 0) fail("sendmsg");
    } else {
        if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0 || CMSG_FIRSTHDR(&message) == NULL) fail("the command was not started");
        memcpy(handle, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
    }
}

/* Kills what was started, whatever became of its parents: orphans are this process's children. */
static void kill_all(void) {
    for (;;) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
        FILE *children = fopen(path, "r");
        int any = 0;
        for (int id; children != NULL && fscanf(children, "%d", &id) == 1; any = 1) kill(id, SIGKILL);
        if (children != NULL) fclose(children);
        if (!any && waitpid(-1, NULL, WNOHANG) <= 0) return;
        waitpid(-1, NULL, any ? 0 : WNOHANG);
    }
}

static void on_signal(int signal) {
    if (signal == SIGUSR1) cut = 1;
    else if (signal != SIGCHLD) passed = signal;
}

static int watch(int listener) {
    struct seccomp_notif *call = calloc(1, 4096);
    struct seccomp_notif_resp *answer = calloc(1, 4096);
    for (;;) {
        int status;
        pid_t ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended == child) {
                kill_all();
                return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
        }
        if (cut) {
            kill_all();
            return 128 + SIGKILL;
        }
        if (passed) {
            kill(child, passed);
            passed = 0;
        }
        struct pollfd ready = {.fd = listener, .events = POLLIN};
        sigset_t none;
        sigemptyset(&none);
        if (ppoll(&ready, 1, NULL, &none) < 0 || !(ready.revents & POLLIN) || cut) continue;
        memset(call, 0, 4096);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, call) != 0) continue;
        record_sync(call);
        memset(answer, 0, 4096);
        answer->id = call->id;
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, answer);
    }
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: powercut FOLDER RECORD COMMAND [ARGUMENT...]\n");
        return 125;
    }
    folder = realpath(arguments[1], NULL);
    record = realpath(arguments[2], NULL);
    if (folder == NULL || record == NULL) fail("a folder is missing");
    char path[4096], key[40];
    mode_t mode;
    snprintf(path, sizeof path, "%s/journal", record);
    journal = fopen(path, "we");
    if (journal == NULL || describe(AT_FDCWD, folder, 0, key, &mode) != 0) fail(path);
    fprintf(journal, "R %s\n", key);
    record_tree(folder, 1);
    fprintf(journal, "S 0\n");
    fflush(journal);

    int ends[2], listener;
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    struct sigaction action = {.sa_handler = on_signal};
    int handled[] = {SIGUSR1, SIGTERM, SIGINT, SIGCHLD};
    for (int i = 0; i < 4; i++) sigaction(handled[i], &action, NULL);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
    child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        listener = filter();
        if (listener < 0) fail("seccomp");
        pass(ends[1], &listener, 1);
        execvp(arguments[3], arguments + 3);
        fail(arguments[3]);
    }
    close(ends[1]);
    pass(ends[0], &listener, 0);
    return watch(listener);
}
